//! Which optimizer, and how tch is told.

use crate::error::{Error, Result};
use clap::ValueEnum;
use tch::nn::{self, OptimizerConfig, VarStore};

/// The optimizers on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OptimizerKind {
    /// Stochastic gradient descent with momentum.
    Sgd,
    /// Adam, with decay rates 0.9 and 0.999.
    Adam,
}

impl OptimizerKind {
    /// The peak learning rate if none is asked for.
    pub fn default_learning_rate(self) -> f64 {
        match self {
            Self::Sgd => 0.05,
            Self::Adam => 1e-3,
        }
    }

    /// An optimizer of the trainable variables in `store`. `momentum` concerns [`Self::Sgd`] only.
    ///
    /// # Errors
    /// When libtorch refuses a value.
    pub fn build(self, store: &VarStore, rate: f64, momentum: f64, weight_decay: f64) -> Result<nn::Optimizer> {
        let built = match self {
            Self::Sgd => nn::sgd(momentum, 0.0, weight_decay, false).build(store, rate),
            Self::Adam => nn::adam(0.9, 0.999, weight_decay).build(store, rate),
        };
        built.map_err(|e| Error::failed(format!("the optimizer cannot be set up: {e}")))
    }
}
