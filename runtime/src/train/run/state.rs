//! How far a run is.

use crate::data::BadImages;
use crate::train::{EpochResult, StepResult, exact};
use serde::{Deserialize, Serialize};

/// How far a run is. Together with the tensors of its network and its optimizer it is all that decides what comes next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::train) struct State {
    /// Steps that are done in the run.
    pub(in crate::train) step: usize,
    /// Steps that are done in the epoch under way.
    pub(in crate::train) step_in_epoch: usize,
    /// Over the images of the epoch under way.
    pub(in crate::train) sums: Sums,
    /// The time that has gone into it.
    #[serde(with = "exact")]
    pub(in crate::train) seconds: f64,
    /// The epochs that are done.
    pub(in crate::train) results: Vec<EpochResult>,
    /// Images that could not be read.
    pub(in crate::train) bad_images: BadImages,
}

impl State {
    /// The epoch under way, from 1.
    pub(in crate::train) fn epoch(&self) -> usize {
        self.results.len() + 1
    }

    /// The first of the epochs that did best on the held-out images.
    pub(in crate::train) fn best(&self) -> Option<&EpochResult> {
        let accuracy = |result: &EpochResult| result.held_out.accuracy();
        self.results.iter().reduce(|best, result| if accuracy(result) > accuracy(best) { result } else { best })
    }
}

/// Sums over images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::train) struct Sums {
    pub(in crate::train) images: usize,
    #[serde(with = "exact")]
    pub(in crate::train) loss: f64,
    #[serde(with = "exact::all")]
    pub(in crate::train) head_losses: Vec<f64>,
    #[serde(with = "exact")]
    pub(in crate::train) correct: f64,
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 images")]
impl Sums {
    pub(in crate::train) fn add(&mut self, step: &StepResult) {
        let count = step.images as f64;
        self.images += step.images;
        self.loss += step.loss * count;
        self.head_losses.resize(step.head_losses.len(), 0.0);
        for (sum, loss) in self.head_losses.iter_mut().zip(&step.head_losses) {
            *sum += loss * count;
        }
        self.correct += step.correct;
    }

    /// The means of [`Self::loss`], [`Self::head_losses`] and [`Self::correct`].
    pub(in crate::train) fn means(&self) -> (f64, Vec<f64>, f64) {
        let count = self.images as f64;
        (self.loss / count, self.head_losses.iter().map(|sum| sum / count).collect(), self.correct / count)
    }
}
