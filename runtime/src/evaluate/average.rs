//! Probabilities that are averaged over views of an image and over networks.

use super::Pace;
use crate::batch::{logits_of, prediction, tensors};
use crate::data::crops::CropTransform;
use crate::data::{BadImages, Batch, Plan, Source, load_views};
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe};
use std::ops::Range;
use std::sync::Arc;
use tch::{Device, Kind, Tensor};

/// A network that takes part.
#[derive(Debug)]
pub struct Member<'a, N> {
    /// It lies on the device on which is computed.
    pub network: &'a N,
    /// Which of the ways to prepare images its input comes from. They may have views of different numbers, and there are as many for each
    /// network.
    pub inputs: Range<usize>,
}

/// What is computed, and where.
#[derive(Debug)]
pub struct Averaged<'a, N> {
    /// The networks, at least one.
    pub members: Vec<Member<'a, N>>,
    /// The ways to prepare images, each of which is done once for all networks that use it.
    pub inputs: Arc<[CropTransform]>,
    /// Where to compute.
    pub device: Device,
    /// How many views go through a network at a time; images come in batches of about as many views.
    pub pace: Pace,
}

/// What the networks give for a batch of images.
#[derive(Debug)]
pub struct Predictions {
    /// How many images have been looked at, with this batch and with those that were skipped.
    pub done: usize,
    /// How many images there are.
    pub of: usize,
    /// The numbers of the batch's images in the data set.
    pub images: Vec<usize>,
    /// Their labels.
    pub labels: Vec<usize>,
    /// For each network and each of its inputs the logarithms of the probabilities `[images, classes]`, averaged over views.
    scores: Vec<Vec<Tensor>>,
}

impl Predictions {
    /// The natural logarithms of the probabilities, averaged over the first so many networks, for their input `input`: for each image those
    /// of all classes.
    ///
    /// # Errors
    /// When there is no such network or input.
    pub fn scores(&self, networks: usize, input: usize) -> Result<Vec<Vec<f64>>> {
        let of = |scores: &Vec<Tensor>| scores.get(input).map(Tensor::shallow_clone);
        let scores: Option<Vec<Tensor>> = self.scores.iter().take(networks).map(of).collect();
        let scores = scores.filter(|scores| !scores.is_empty());
        let scores = scores.ok_or_else(|| Error::failed("nothing was computed for this number of networks"))?;
        let mean = log_mean(&Tensor::stack(&scores, 0), 0);
        Vec::<Vec<f64>>::try_from(mean).map_err(|e| Error::failed(format!("libtorch: {e}")))
    }
}

impl<N: Network> Averaged<'_, N> {
    /// Runs the networks, as in inference, on all of `source`, and hands the predictions to `see`, batch by batch.
    ///
    /// # Errors
    /// When images cannot be read or prepared, none is left, or `see` wants no more of it.
    pub fn run(
        &self,
        source: &Arc<dyn Source>,
        bad_images: &mut BadImages,
        see: &mut dyn FnMut(&Predictions) -> Result<()>,
    ) -> Result<()> {
        let _guard = tch::no_grad_guard();
        let views: usize = self.inputs.iter().map(CropTransform::count).sum();
        let plan = Plan {
            batch_size: (self.pace.batch_size / views.max(1)).max(1),
            seed: 0,
            epoch: 0,
            shuffle: false,
            first_batch: 0,
            on_bad_image: bad_images.policy(),
            workers: self.pace.workers,
        };
        let of = source.labels().len();
        let (mut done, mut any) = (0, false);
        for batch in load_views(source, &self.inputs, plan) {
            let batch = batch?;
            bad_images.add(&batch.skipped);
            let first = done;
            done += batch.labels.len() + batch.skipped.len();
            if batch.labels.is_empty() {
                continue;
            }
            any = true;
            let skipped = |image: &usize| batch.skipped.iter().any(|skipped| skipped.index == *image);
            let images = (first..done).filter(|image| !skipped(image)).collect();
            let labels = batch.labels.iter().map(|&label| usize::try_from(label).unwrap_or(usize::MAX)).collect();
            see(&Predictions { done, of, images, labels, scores: self.scores(&batch)? })?;
        }
        if any { Ok(()) } else { Err(bad_images.nothing_left()) }
    }

    fn scores(&self, batch: &Batch) -> Result<Vec<Vec<Tensor>>> {
        let (views, labels) = tensors::<N>(batch, self.device);
        let counts: Vec<i64> = self.inputs.iter().map(|input| signed(input.count())).collect();
        let [channels, height, width] = N::INPUT;
        let views = views.view([labels.size()[0], counts.iter().sum(), channels, height, width]);
        let views = views.split_with_sizes(counts.as_slice(), 1);
        let of = |member: &Member<'_, N>| -> Result<Vec<Tensor>> {
            let views = views.get(member.inputs.clone()).unwrap_or_default();
            views.iter().map(|views| self.score(member.network, views)).collect()
        };
        self.members.iter().map(of).collect()
    }

    /// The logarithms of the probabilities `[images, classes]`, averaged over the views `[images, views, channels, height, width]`.
    fn score(&self, network: &N, views: &Tensor) -> Result<Tensor> {
        let (images, count) = (views.size()[0], views.size()[1]);
        let parts = views.flatten(0, 1).split(signed(self.pace.batch_size), 0);
        let logits = parts.iter().map(|views| {
            let output = network.forward(views, Mode::INFERENCE, &Probe::silent());
            // Not every device has doubles.
            Ok(prediction::<N>(&logits_of::<N>(&output, views)?)?.to_device(Device::Cpu))
        });
        let logits = Tensor::cat(&logits.collect::<Result<Vec<_>>>()?, 0);
        let scores = logits.log_softmax(-1, Kind::Double).view([images, count, -1]);
        Ok(log_mean(&scores, 1))
    }
}

/// The logarithm of the mean of what these are the logarithms of.
fn log_mean(logarithms: &Tensor, dimension: usize) -> Tensor {
    #[expect(clippy::cast_precision_loss, reason = "there are few views and networks")]
    let count = logarithms.size().get(dimension).copied().unwrap_or(1) as f64;
    logarithms.logsumexp(signed(dimension), false) - count.ln()
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
