//! How well a network does on a data set.

use crate::batch::{count_among_largest, logits_of, number, prediction, tensors};
use crate::data::{BadImages, Batch, Plan, Source, Transform, load};
use crate::error::Result;
use crate::network::{Mode, Network, Probe};
use crate::train::{cross_entropy, exact};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tch::Device;

/// Means over the images of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How many images there were, without those that were skipped.
    pub images: usize,
    /// The cross-entropy of the head that predicts, in nats.
    #[serde(with = "exact")]
    pub loss: f64,
    /// The share of images whose class is not the first guess.
    #[serde(with = "exact")]
    pub top1_error: f64,
    /// The share of images whose class is not among the first five guesses.
    #[serde(with = "exact")]
    pub top5_error: f64,
}

impl Evaluation {
    /// The share of images whose class is the first guess.
    pub fn accuracy(&self) -> f64 {
        1.0 - self.top1_error
    }
}

/// How far an evaluation has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Images done, those that were skipped included.
    pub done: usize,
    /// Images in all.
    pub of: usize,
    /// Batches done.
    pub step: usize,
    /// Batches in all.
    pub steps: usize,
    /// What came of the newest batch.
    pub batch: Evaluation,
    /// What came of all batches so far.
    pub so_far: Evaluation,
}

/// How many images at a time, and how many threads prepare them; neither changes the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The most images at a time.
    pub batch_size: usize,
    /// Threads that prepare images; 0 is the calling thread.
    pub workers: usize,
}

/// Runs `network`, which lies on `device`, on all of `source` as in inference, and tells `progress` after each batch.
///
/// # Errors
/// When images cannot be read or transformed, or `progress` wants no more of it.
pub fn evaluate<N: Network>(
    network: &N,
    device: Device,
    source: &Arc<dyn Source>,
    transform: &Arc<Transform>,
    pace: Pace,
    bad_images: &mut BadImages,
    progress: &mut dyn FnMut(&Measured) -> Result<()>,
) -> Result<Evaluation> {
    let _guard = tch::no_grad_guard();
    let Pace { batch_size, workers } = pace;
    let on_bad_image = bad_images.policy();
    let plan = Plan { batch_size, seed: 0, epoch: 0, shuffle: false, first_batch: 0, on_bad_image, workers };
    let of = source.labels().len();
    let steps = plan.batches(of);
    let (mut sums, mut done) = (Sums::default(), 0);
    for (batch, step) in load(source, transform, plan).zip(1..) {
        let batch = batch?;
        bad_images.add(&batch.skipped);
        done += batch.labels.len() + batch.skipped.len();
        if batch.labels.is_empty() {
            continue;
        }
        let measured = measure(network, device, &batch)?;
        sums.add(&measured);
        progress(&Measured { done, of, step, steps, batch: measured.means(), so_far: sums.means() })?;
    }
    if sums.images == 0 { Err(bad_images.nothing_left()) } else { Ok(sums.means()) }
}

fn measure<N: Network>(network: &N, device: Device, batch: &Batch) -> Result<Sums> {
    let (images, labels) = tensors::<N>(batch, device);
    let output = network.forward(&images, Mode::INFERENCE, &Probe::silent());
    let logits = prediction::<N>(&logits_of::<N>(&output, &images)?)?;
    #[expect(clippy::cast_precision_loss, reason = "batches are small")]
    let count = batch.labels.len() as f64;
    Ok(Sums {
        images: batch.labels.len(),
        loss: number(&cross_entropy(logits, &labels, 0.0))? * count,
        first: count_among_largest(logits, &labels, 1)?,
        five: count_among_largest(logits, &labels, N::CLASSES.min(5))?,
    })
}

/// Sums over images.
#[derive(Clone, Copy, Default)]
struct Sums {
    images: usize,
    loss: f64,
    first: f64,
    five: f64,
}

impl Sums {
    fn add(&mut self, more: &Self) {
        self.images += more.images;
        self.loss += more.loss;
        self.first += more.first;
        self.five += more.five;
    }

    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 images")]
    fn means(&self) -> Evaluation {
        let count = self.images as f64;
        Evaluation {
            images: self.images,
            loss: self.loss / count,
            top1_error: 1.0 - self.first / count,
            top5_error: 1.0 - self.five / count,
        }
    }
}
