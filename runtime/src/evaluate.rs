//! How well a network does on a data set.

use crate::batch::{count_among_largest, logits_of, number, prediction, tensors};
use crate::data::{OnBadImage, Plan, Source, Transform, load};
use crate::error::Result;
use crate::network::{Mode, Network, Probe};
use std::sync::Arc;
use tch::Device;

/// Means over the images of a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// How many images there were.
    pub images: usize,
    /// The cross-entropy of the head that predicts, in nats.
    pub loss: f64,
    /// The share of images whose class is not the first guess.
    pub top1_error: f64,
    /// The share of images whose class is not among the first five guesses.
    pub top5_error: f64,
}

impl Evaluation {
    /// The share of images whose class is the first guess.
    pub fn accuracy(&self) -> f64 {
        1.0 - self.top1_error
    }
}

/// Runs `network`, which lies on `device`, on all of `source` as in inference, `batch_size` images at a time.
///
/// # Errors
/// When images cannot be read or transformed.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 images")]
pub fn evaluate<N: Network>(
    network: &N,
    device: Device,
    source: &Arc<dyn Source>,
    transform: &Arc<Transform>,
    batch_size: usize,
    workers: usize,
) -> Result<Evaluation> {
    let _guard = tch::no_grad_guard();
    let on_bad_image = OnBadImage::Stop;
    let plan = Plan { batch_size, seed: 0, epoch: 0, shuffle: false, first_batch: 0, on_bad_image, workers };
    let (mut loss, mut first, mut five) = (0.0, 0.0, 0.0);
    for batch in load(source, transform, plan) {
        let (images, labels) = tensors::<N>(&batch?, device);
        let output = network.forward(&images, Mode::INFERENCE, &Probe::silent());
        let logits = prediction::<N>(&logits_of::<N>(&output, &images)?)?;
        loss += number(&logits.cross_entropy_for_logits(&labels))? * labels.size()[0] as f64;
        first += count_among_largest(logits, &labels, 1)?;
        five += count_among_largest(logits, &labels, N::CLASSES.min(5))?;
    }
    let images = source.labels().len();
    let count = images as f64;
    Ok(Evaluation { images, loss: loss / count, top1_error: 1.0 - first / count, top5_error: 1.0 - five / count })
}
