//! How well a network does on a data set.

mod average;

pub use average::{Averaged, Member, Predictions};

use crate::batch::{classes, logits_of, number, prediction, tensors};
use crate::data::{BadImages, Batch, Plan, Source, Transform, load};
use crate::error::{Error, Result};
use crate::metrics::Confusion;
use crate::network::{Mode, Network, Probe};
use crate::train::{cross_entropy, exact};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tch::{Device, Kind, Tensor};

/// Means over the images of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
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

/// Runs `network`, which lies on `device`, on all of `source` as in inference, and tells `progress` after each batch. Returns the means,
/// and which classes were taken for which.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::{BadImages, Source, Transform};
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::evaluate::{Pace, evaluate};
/// use googlenetc_runtime::network::Network;
/// use googlenetc_runtime::tch::Device;
/// use std::sync::Arc;
///
/// /// The share of images that the network, which lies on the CPU, classifies rightly.
/// fn accuracy<N: Network>(network: &N, images: &Arc<dyn Source>, transform: &Arc<Transform>) -> Result<f64> {
///     let pace = Pace { batch_size: 32, workers: 4 };
///     let skipped = &mut BadImages::default();
///     let (means, _) = evaluate(network, Device::Cpu, images, transform, pace, skipped, &mut |_| Ok(()))?;
///     Ok(means.accuracy())
/// }
/// ```
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
) -> Result<(Evaluation, Confusion)> {
    let _guard = tch::no_grad_guard();
    let Pace { batch_size, workers } = pace;
    let on_bad_image = bad_images.policy();
    let plan = Plan { batch_size, seed: 0, epoch: 0, shuffle: false, first_batch: 0, on_bad_image, workers };
    let of = source.labels().len();
    let steps = plan.batches(of);
    let (mut sums, mut confusion, mut done) = (Sums::default(), Confusion::new(classes::<N>()), 0);
    for (batch, step) in load(source, transform, plan).zip(1..) {
        let batch = batch?;
        bad_images.add(&batch.skipped);
        done += batch.labels.len() + batch.skipped.len();
        if batch.labels.is_empty() {
            continue;
        }
        let measured = measure(network, device, &batch, &mut confusion)?;
        sums.add(&measured);
        progress(&Measured { done, of, step, steps, batch: measured.means(), so_far: sums.means() })?;
    }
    if sums.images == 0 { Err(bad_images.nothing_left()) } else { Ok((sums.means(), confusion)) }
}

fn measure<N: Network>(network: &N, device: Device, batch: &Batch, confusion: &mut Confusion) -> Result<Sums> {
    let (images, labels) = tensors::<N>(batch, device);
    let output = network.forward(&images, Mode::INFERENCE, &Probe::silent());
    let logits = prediction::<N>(&logits_of::<N>(&output, &images)?)?;
    #[expect(clippy::cast_precision_loss, reason = "batches are small")]
    let images = batch.labels.len() as f64;
    // The first of the highest, as in `ranks`.
    let predictions = logits.argmax(1, false).to_device(Device::Cpu);
    let predictions = Vec::<i64>::try_from(predictions).map_err(|e| Error::failed(format!("libtorch: {e}")))?;
    for (&label, prediction) in batch.labels.iter().zip(predictions) {
        confusion.add(index(label), index(prediction));
    }
    let ranks = ranks(logits, &labels);
    Ok(Sums {
        images: batch.labels.len(),
        loss: number(&cross_entropy(logits, &labels, 0.0))? * images,
        first: count(&ranks.lt(1))?,
        five: count(&ranks.lt(N::CLASSES.min(5)))?,
    })
}

/// How many classes come before each of the `labels` `[n]`, by [`Judgement::rank`](crate::metrics::Judgement::rank)'s rule. What
/// is not a number comes before all others, and all come before it.
fn ranks(logits: &Tensor, labels: &Tensor) -> Tensor {
    let labels = labels.unsqueeze(1);
    let own = logits.gather(1, &labels, false);
    let classes = Tensor::arange(logits.size().get(1).copied().unwrap_or(0), (Kind::Int64, logits.device()));
    let equal = logits.eq_tensor(&own).logical_and(&classes.lt_tensor(&labels));
    // Not the same as higher if one of the two is not a number.
    let not_below = logits.le_tensor(&own).logical_not();
    not_below.logical_or(&equal).sum_dim_intlist(1, false, Kind::Int64)
}

/// The number of a class, which is never negative.
fn index(class: i64) -> usize {
    usize::try_from(class).unwrap_or(0)
}

/// How many are true.
fn count(which: &Tensor) -> Result<f64> {
    number(&which.sum(Kind::Int64))
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

#[cfg(test)]
mod tests {
    use super::ranks;
    use crate::metrics::Judgement;
    use tch::Tensor;

    #[test]
    fn ranks_on_the_device_are_those_of_single_images() {
        let scores = [[0.5_f64, 2.0, 2.0, -1.0, 2.0], [0.0; 5], [3.0, -3.0, 3.0, 0.5, 0.25]];
        for label in 0..5_usize {
            let labels = Tensor::from_slice(&[i64::try_from(label).unwrap(); 3]);
            let ours = Vec::<i64>::try_from(ranks(&Tensor::from_slice2(&scores), &labels)).unwrap();
            let single = scores.map(|scores| i64::try_from(Judgement::new(&scores, label).unwrap().rank).unwrap());
            assert_eq!(ours, single, "label {label}");
        }
        // A class whose logit is not a number is never guessed, and neither is any behind one.
        let broken = Tensor::from_slice2(&[[f32::NAN, 1.0, 0.0], [f32::NAN; 3]]);
        let ranks = |label: i64| Vec::<i64>::try_from(ranks(&broken, &Tensor::from_slice(&[label; 2]))).unwrap();
        assert_eq!((ranks(0), ranks(1)), (vec![3, 3], vec![1, 3]));
    }
}
