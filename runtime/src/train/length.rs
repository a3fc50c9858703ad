//! Stretches of a run.

use super::range;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// A stretch of a run: `{steps: 500}`, `{epochs: 5}` or `{share: 0.1}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    /// So many steps of the optimizer.
    Steps(usize),
    /// So many passes over the training images; may be a fraction.
    Epochs(#[serde(deserialize_with = "range::not_negative")] f64),
    /// A part of the run, from 0 to 1.
    Share(#[serde(deserialize_with = "range::up_to_one")] f64),
}

/// How long a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Steps of the optimizer in a pass over the training images.
    pub steps_per_epoch: NonZeroUsize,
    /// Steps of the optimizer in all.
    pub steps: usize,
}

impl Length {
    /// In steps; a share that is no whole number of steps is rounded down, epochs to the nearest step.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "runs have fewer than 2^52 steps, and lengths are not negative"
    )]
    pub fn steps(self, run: Extent) -> usize {
        match self {
            Self::Steps(steps) => steps,
            Self::Epochs(epochs) => (epochs * run.steps_per_epoch.get() as f64).round() as usize,
            Self::Share(share) => (share * run.steps as f64).floor() as usize,
        }
    }
}

impl Extent {
    /// The epoch, counted from 0, that `step`, counted from 0, belongs to.
    pub fn epoch(self, step: usize) -> usize {
        step / self.steps_per_epoch
    }

    /// Epochs in all, the last of which may be cut off.
    pub fn epochs(self) -> usize {
        self.steps.div_ceil(self.steps_per_epoch.get())
    }
}

#[cfg(test)]
mod tests {
    use super::{Extent, Length};
    use std::num::NonZeroUsize;

    #[test]
    fn lengths_are_steps() {
        let run = Extent { steps_per_epoch: NonZeroUsize::new(45).unwrap(), steps: 990 };
        assert_eq!(Length::Steps(7).steps(run), 7);
        assert_eq!(Length::Epochs(2.5).steps(run), 113);
        assert_eq!(Length::Share(0.1).steps(run), 99);
        assert_eq!(Length::Share(1.0).steps(run), 990);
        assert_eq!((run.epoch(44), run.epoch(45), run.epochs()), (0, 1, 22));
        assert_eq!(Extent { steps: 991, ..run }.epochs(), 23);
    }
}
