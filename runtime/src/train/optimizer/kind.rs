//! The optimizers by name, as the command line and recipes choose them.

use super::{Adam, OptimizerConfig, Sgd};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The optimizers on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimizerKind {
    /// Stochastic gradient descent with momentum.
    Sgd,
    /// Adam, with decay rates 0.9 and 0.999.
    Adam,
}

impl OptimizerKind {
    /// The peak learning rate if none is asked for.
    pub fn default_learning_rate(self) -> f64 {
        self.config(0.9).default_learning_rate()
    }

    /// The settings; `momentum` concerns [`Self::Sgd`] only.
    pub fn config(self, momentum: f64) -> OptimizerConfig {
        match self {
            Self::Sgd => OptimizerConfig::Sgd(Sgd { momentum, nesterov: false }),
            Self::Adam => OptimizerConfig::Adam(Adam::default()),
        }
    }
}
