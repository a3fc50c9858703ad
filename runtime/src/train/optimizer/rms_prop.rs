//! `RMSprop`: PyTorch's, with momentum and centred.

use super::{Rule, Step, with_decay};
use crate::train::range;
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// `RMSprop`, with PyTorch's names and defaults. `eps` is added behind the root; TensorFlow's adds it inside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RmsProp {
    /// How much of the running mean of the squared gradient stays at each step.
    #[serde(deserialize_with = "range::share")]
    pub alpha: f64,
    /// Added to the root of the mean square.
    #[serde(deserialize_with = "range::not_negative")]
    pub eps: f64,
    /// How much of the step before is part of the next.
    #[serde(deserialize_with = "range::share")]
    pub momentum: f64,
    /// Whether the square of the running mean is taken off the mean square, which makes a variance of it.
    #[serde(alias = "centred")]
    pub centered: bool,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self { alpha: 0.99, eps: 1e-8, momentum: 0.0, centered: false }
    }
}

impl RmsProp {
    pub(super) fn rule(self, variable: &Tensor) -> RmsPropRule {
        RmsPropRule {
            config: self,
            mean_square: variable.zeros_like(),
            mean: self.centered.then(|| variable.zeros_like()),
            momentum: (self.momentum > 0.0).then(|| variable.zeros_like()),
        }
    }
}

#[derive(Debug)]
pub(super) struct RmsPropRule {
    config: RmsProp,
    mean_square: Tensor,
    mean: Option<Tensor>,
    momentum: Option<Tensor>,
}

impl Rule for RmsPropRule {
    fn step(&mut self, variable: &mut Tensor, gradient: &Tensor, step: &Step) {
        let RmsProp { alpha, eps, momentum, .. } = self.config;
        let gradient = with_decay(gradient, variable, step.decay);
        let _ = self.mean_square.g_mul_scalar_(alpha).addcmul_(&(&gradient * (1.0 - alpha)), &gradient);
        let mut root = match &mut self.mean {
            None => self.mean_square.sqrt(),
            Some(mean) => {
                let _ = mean.lerp_(&gradient, 1.0 - alpha);
                (&self.mean_square - mean.square()).sqrt_()
            }
        };
        let _ = root.g_add_scalar_(eps);
        let _ = match &mut self.momentum {
            None => variable.addcdiv_(&(gradient * -step.rate), &root),
            Some(buffer) => {
                let momentum = step.momentum.unwrap_or(momentum);
                let _ = buffer.g_mul_scalar_(momentum).addcdiv_(&gradient, &root);
                variable.g_sub_(&(&*buffer * step.rate))
            }
        };
    }

    fn kept(&self) -> Vec<(&'static str, &Tensor)> {
        let mut kept = vec![("square_avg", &self.mean_square)];
        kept.extend(self.mean.iter().map(|mean| ("grad_avg", mean)));
        kept.extend(self.momentum.iter().map(|buffer| ("momentum", buffer)));
        kept
    }
}
