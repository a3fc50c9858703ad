//! How good predictions are, in numbers: errors, scores of single classes, the confusion matrix, the worst mistakes.
//!
//! Everything is summed up image by image, so memory does not grow with the number of images. Nothing of it needs libtorch.

mod confusion;
mod judgement;
mod mistakes;
mod picture;

pub use confusion::{ClassScores, Confusion, macro_mean};
pub use judgement::Judgement;
pub use mistakes::{Mistake, Worst, sheet};
#[cfg(feature = "torch")]
pub(crate) use picture::MOST_CLASSES;
pub use picture::picture;

/// What came of the images so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    confusion: Confusion,
    /// How many images there are of each [`Judgement::rank`].
    ranks: Vec<u64>,
    /// The sum over the images, in nats.
    loss: f64,
}

impl Metrics {
    /// No images of so many classes.
    pub fn new(classes: usize) -> Self {
        Self { confusion: Confusion::new(classes), ranks: vec![0; classes], loss: 0.0 }
    }

    /// Adds an image; its classes are below the number of classes.
    pub fn add(&mut self, judgement: &Judgement) {
        self.confusion.add(judgement.label, judgement.prediction);
        if let Some(count) = self.ranks.get_mut(judgement.rank) {
            *count += 1;
        }
        self.loss += judgement.loss;
    }

    /// How many images there are.
    pub fn images(&self) -> u64 {
        self.ranks.iter().sum()
    }

    /// The mean of the losses, in nats; none without images.
    pub fn loss(&self) -> Option<f64> {
        let images = self.images();
        (images > 0).then(|| self.loss / exact(images))
    }

    /// The share of images whose class is not among the first `k` guesses, with equal scores in the order of
    /// [`Judgement::rank`]; none without images.
    pub fn top_error(&self, k: usize) -> Option<f64> {
        ratio(self.ranks.iter().take(k).sum(), self.images()).map(|share| 1.0 - share)
    }

    /// Which classes were taken for which.
    pub fn confusion(&self) -> &Confusion {
        &self.confusion
    }
}

/// How many of so many; none of none.
fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| exact(part) / exact(of))
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 images")]
fn exact(count: u64) -> f64 {
    count as f64
}
