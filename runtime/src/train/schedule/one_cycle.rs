//! PyTorch's `OneCycleLR`, by its names and defaults: up to the highest rate, and down to almost nothing.

use crate::train::range;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// From rate / `div_factor` up to the rate, and down to rate / (`div_factor` · `final_div_factor`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OneCycle {
    /// The part of the run over which the rate rises.
    #[serde(deserialize_with = "range::share")]
    pub pct_start: f64,
    /// Along which line.
    pub anneal_strategy: AnnealStrategy,
    /// Whether the momentum, or the first of Adam's `betas`, goes the other way round, as it does by default in PyTorch.
    pub cycle_momentum: bool,
    /// The momentum where the rate is highest.
    #[serde(deserialize_with = "range::share")]
    pub base_momentum: f64,
    /// The momentum at the beginning and at the end.
    #[serde(deserialize_with = "range::share")]
    pub max_momentum: f64,
    /// What the rate is divided by at the beginning.
    #[serde(deserialize_with = "range::positive")]
    pub div_factor: f64,
    /// What the rate of the beginning is divided by at the end.
    #[serde(deserialize_with = "range::positive")]
    pub final_div_factor: f64,
}

/// How [`OneCycle`] gets from one rate to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnealStrategy {
    /// Along half a cosine.
    #[default]
    Cos,
    /// Along a straight line.
    Linear,
}

impl Default for OneCycle {
    fn default() -> Self {
        Self {
            pct_start: 0.3,
            anneal_strategy: AnnealStrategy::Cos,
            cycle_momentum: true,
            base_momentum: 0.85,
            max_momentum: 0.95,
            div_factor: 25.0,
            final_div_factor: 1e4,
        }
    }
}

impl OneCycle {
    /// The rate of step `k` of `n`, where `peak` is the highest.
    pub(super) fn rate(&self, k: usize, n: usize, peak: f64) -> f64 {
        let first = peak / self.div_factor;
        self.along(k, n, [first, peak, first / self.final_div_factor])
    }

    /// The momentum of step `k` of `n`.
    pub(super) fn momentum(&self, k: usize, n: usize) -> Option<f64> {
        let [low, high] = [self.base_momentum, self.max_momentum];
        self.cycle_momentum.then(|| self.along(k, n, [high, low, high]))
    }

    /// From the first value to the second, and to the third.
    #[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
    fn along(&self, k: usize, n: usize, [first, top, last]: [f64; 3]) -> f64 {
        // Steps are counted from 0, so the last one is n - 1; the top need not fall on a step.
        let (step, top_at, end) = (k as f64, self.pct_start * n as f64 - 1.0, n as f64 - 1.0);
        if top_at > 0.0 && step <= top_at {
            self.between(first, top, step / top_at)
        } else {
            self.between(top, last, ((step - top_at) / (end - top_at)).min(1.0))
        }
    }

    fn between(&self, from: f64, to: f64, done: f64) -> f64 {
        match self.anneal_strategy {
            AnnealStrategy::Cos => to + (from - to) / 2.0 * (1.0 + (PI * done).cos()),
            AnnealStrategy::Linear => from + (to - from) * done,
        }
    }
}
