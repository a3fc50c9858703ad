//! Which optimizer, and how tch is told.

use crate::error::{Error, Result};
use crate::network::Rates;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::sync::PoisonError;
use tch::Tensor;
use tch::nn::{self, OptimizerConfig, VarStore};

/// The optimizers on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimizerKind {
    /// Stochastic gradient descent with momentum.
    Sgd,
    /// Adam, with decay rates 0.9 and 0.999.
    Adam,
}

/// An optimizer that honours the rates of a network.
pub(super) struct Optimizer {
    inner: nn::Optimizer,
    /// One for each of tch's groups of variables.
    rates: Vec<Rates>,
}

impl OptimizerKind {
    /// The peak learning rate if none is asked for.
    pub fn default_learning_rate(self) -> f64 {
        match self {
            Self::Sgd => 0.05,
            Self::Adam => 1e-3,
        }
    }

    /// An optimizer of the trainable variables in `store`. `momentum` concerns [`Self::Sgd`] only; `rates` are those of
    /// the network whose variables they are.
    ///
    /// # Errors
    /// When libtorch refuses a value, or a variable has no rates.
    pub(super) fn build(
        self,
        store: &VarStore,
        momentum: f64,
        weight_decay: f64,
        rates: &[Rates],
    ) -> Result<Optimizer> {
        let groups = groups(store);
        if groups > rates.len() {
            let message = format!("a variable has the rates number {}, but there are only {}", groups - 1, rates.len());
            return Err(Error::failed(message));
        }
        // The learning rate is set before every step.
        let built = match self {
            Self::Sgd => nn::sgd(momentum, 0.0, weight_decay, false).build(store, 0.0),
            Self::Adam => nn::adam(0.9, 0.999, weight_decay).build(store, 0.0),
        };
        let mut inner = built.map_err(|e| Error::failed(format!("the optimizer cannot be set up: {e}")))?;
        let rates: Vec<Rates> = rates.iter().take(groups).copied().collect();
        for (group, rates) in rates.iter().enumerate() {
            inner.set_weight_decay_group(group, weight_decay * rates.decay);
        }
        Ok(Optimizer { inner, rates })
    }
}

impl Optimizer {
    /// One step against the gradient of `loss`, at this learning rate.
    pub(super) fn step(&mut self, loss: &Tensor, learning_rate: f64) {
        for (group, rates) in self.rates.iter().enumerate() {
            self.inner.set_lr_group(group, learning_rate * rates.lr);
        }
        self.inner.backward_step(loss);
    }
}

/// How many groups of variables tch knows.
fn groups(store: &VarStore) -> usize {
    let variables = store.variables_.lock().unwrap_or_else(PoisonError::into_inner);
    variables.trainable_variables.iter().map(|variable| variable.group + 1).max().unwrap_or(1)
}
