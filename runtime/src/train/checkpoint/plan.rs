//! When checkpoints are written, and how many are kept.

use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// When checkpoints are written, and how many are kept. One is written at the beginning, at the end, and when a run is interrupted
/// in any case.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckpointPlan {
    /// When one is due.
    pub every: Every,
    /// How many of the newest are kept. That of the best epoch is kept beside them.
    pub keep: NonZeroUsize,
}

/// When a checkpoint is due: as soon as any of these says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Every {
    /// At the end of each epoch whose number is a multiple of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<NonZeroUsize>,
    /// After each step whose number is a multiple of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<NonZeroUsize>,
    /// When so many minutes have passed since the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
}

impl Default for CheckpointPlan {
    /// At the end of each epoch and, within long ones, every ten minutes; two are kept, one of which may be damaged.
    fn default() -> Self {
        let every = Every { epochs: Some(NonZeroUsize::MIN), steps: None, minutes: Some(10.0) };
        Self { every, keep: NonZeroUsize::MIN.saturating_add(1) }
    }
}

impl Every {
    /// Whether one is due after `step` steps, `seconds` after the last one was written.
    pub(in crate::train) fn is_due_at_step(&self, step: usize, seconds: f64) -> bool {
        let by_time = self.minutes.is_some_and(|minutes| seconds >= 60.0 * minutes);
        by_time || self.steps.is_some_and(|steps| step % steps == 0)
    }

    /// Whether one is due at the end of epoch `epoch`, from 1.
    pub(in crate::train) fn is_due_at_epoch(&self, epoch: usize) -> bool {
        self.epochs.is_some_and(|epochs| epoch % epochs == 0)
    }
}
