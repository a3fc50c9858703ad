//! How well a network does on a data set.

use crate::batch::{count_among_largest, logits_of, number, prediction, tensors};
use crate::data::{BadImages, Plan, Source, Transform, load};
use crate::error::Result;
use crate::network::{Mode, Network, Probe};
use std::sync::Arc;
use tch::Device;

/// Means over the images of a data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// How many images there were, without those that were skipped.
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

/// How many images at a time, and how many threads prepare them; neither changes the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The most images at a time.
    pub batch_size: usize,
    /// Threads that prepare images; 0 is the calling thread.
    pub workers: usize,
}

/// Runs `network`, which lies on `device`, on all of `source` as in inference.
///
/// # Errors
/// When images cannot be read or transformed.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 images")]
pub fn evaluate<N: Network>(
    network: &N,
    device: Device,
    source: &Arc<dyn Source>,
    transform: &Arc<Transform>,
    pace: Pace,
    bad_images: &mut BadImages,
) -> Result<Evaluation> {
    let _guard = tch::no_grad_guard();
    let Pace { batch_size, workers } = pace;
    let on_bad_image = bad_images.policy();
    let plan = Plan { batch_size, seed: 0, epoch: 0, shuffle: false, first_batch: 0, on_bad_image, workers };
    let (mut measured, mut loss, mut first, mut five) = (0, 0.0, 0.0, 0.0);
    for batch in load(source, transform, plan) {
        let batch = batch?;
        bad_images.add(&batch.skipped);
        if batch.labels.is_empty() {
            continue;
        }
        measured += batch.labels.len();
        let (images, labels) = tensors::<N>(&batch, device);
        let output = network.forward(&images, Mode::INFERENCE, &Probe::silent());
        let logits = prediction::<N>(&logits_of::<N>(&output, &images)?)?;
        loss += number(&logits.cross_entropy_for_logits(&labels))? * labels.size()[0] as f64;
        first += count_among_largest(logits, &labels, 1)?;
        five += count_among_largest(logits, &labels, N::CLASSES.min(5))?;
    }
    if measured == 0 {
        return Err(bad_images.nothing_left());
    }
    let count = measured as f64;
    Ok(Evaluation {
        images: measured,
        loss: loss / count,
        top1_error: 1.0 - first / count,
        top5_error: 1.0 - five / count,
    })
}
