//! Stochastic gradient descent: PyTorch's `SGD` without dampening.

use super::{Rule, Step, with_decay};
use crate::train::range;
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// Stochastic gradient descent. PyTorch's default is no momentum; here it is 0.9, which is what the networks of this family are
/// trained with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sgd {
    /// How much of the step before is part of the next.
    #[serde(deserialize_with = "range::share")]
    pub momentum: f64,
    /// Nesterov's way: the gradient counts once more ahead of the momentum.
    pub nesterov: bool,
}

impl Default for Sgd {
    fn default() -> Self {
        Self { momentum: 0.9, nesterov: false }
    }
}

impl Sgd {
    pub(super) fn rule(self, variable: &Tensor) -> SgdRule {
        // PyTorch begins with the first gradient, which is what zeros become.
        let momentum = (self.momentum > 0.0).then(|| variable.zeros_like());
        SgdRule { config: self, momentum }
    }
}

#[derive(Debug)]
pub(super) struct SgdRule {
    config: Sgd,
    momentum: Option<Tensor>,
}

impl Rule for SgdRule {
    fn step(&mut self, variable: &mut Tensor, gradient: &Tensor, step: &Step) {
        let gradient = with_decay(gradient, variable, step.decay);
        let change = match &mut self.momentum {
            None => gradient * step.rate,
            Some(buffer) => {
                let momentum = step.momentum.unwrap_or(self.config.momentum);
                let _ = buffer.g_mul_scalar_(momentum).g_add_(&gradient);
                if self.config.nesterov {
                    (&*buffer * momentum).g_add_(&gradient) * step.rate
                } else {
                    &*buffer * step.rate
                }
            }
        };
        let _ = variable.g_sub_(&change);
    }

    fn kept(&self) -> Vec<(&'static str, &Tensor)> {
        self.momentum.iter().map(|buffer| ("momentum", buffer)).collect()
    }
}
