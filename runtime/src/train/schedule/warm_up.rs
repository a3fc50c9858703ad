//! The rise to the highest rate.

use super::Unit;
use crate::train::length::{Extent, Length};
use crate::train::range;
use serde::{Deserialize, Deserializer, Serialize};

/// A straight rise of the learning rate: `{share: 0.1}`, or `{epochs: 5, from: 0.01}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WarmUp {
    /// How long it takes. In epochs, where the schedule counts epochs, the rate is the same over an epoch; otherwise it
    /// rises with every step.
    #[serde(flatten)]
    pub length: Length,
    /// The part of the rate that it begins with, which then rises to reach all of it just behind the warm-up: PyTorch's
    /// `LinearLR`. Without, the first of n steps has 1/n of it, and the last one has all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
}

/// A tenth of the run.
impl Default for WarmUp {
    fn default() -> Self {
        Self { length: Length::Share(0.1), from: None }
    }
}

impl WarmUp {
    /// The part of the rate that `step` has; none when the warm-up is over.
    #[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
    pub(super) fn factor(self, step: usize, run: Extent, by: Unit) -> Option<f64> {
        let steps = self.length.steps(run);
        if step >= steps {
            return None;
        }
        let (done, all) = match (by, self.length) {
            (Unit::Epoch, Length::Epochs(epochs)) => (run.epoch(step) as f64, epochs),
            _ => (step as f64, steps as f64),
        };
        Some(match self.from {
            Some(from) => from + (1.0 - from) * done / all,
            None => ((done + 1.0) / all).min(1.0),
        })
    }
}

/// What a recipe says of a warm-up.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Declared {
    steps: Option<usize>,
    #[serde(deserialize_with = "epochs")]
    epochs: Option<f64>,
    #[serde(deserialize_with = "part")]
    share: Option<f64>,
    #[serde(deserialize_with = "part")]
    from: Option<f64>,
}

fn epochs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    range::not_negative(deserializer).map(Some)
}

fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    range::up_to_one(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for WarmUp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Declared { steps, epochs, share, from } = Declared::deserialize(deserializer)?;
        let length = match (steps, epochs, share) {
            (Some(steps), None, None) => Length::Steps(steps),
            (None, Some(epochs), None) => Length::Epochs(epochs),
            (None, None, Some(share)) => Length::Share(share),
            _ => return Err(serde::de::Error::custom("a warm-up has one of `steps`, `epochs` and `share`")),
        };
        Ok(Self { length, from })
    }
}
