//! Adam: PyTorch's `Adam` without `amsgrad`.

use super::{Rule, Step, with_decay};
use crate::train::range;
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// Adam, with PyTorch's names and defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// How much of the running means of the gradient and of its square stays at each step.
    #[serde(deserialize_with = "range::shares")]
    pub betas: [f64; 2],
    /// Added to the root of the mean square.
    #[serde(deserialize_with = "range::not_negative")]
    pub eps: f64,
}

impl Default for Adam {
    fn default() -> Self {
        Self { betas: [0.9, 0.999], eps: 1e-8 }
    }
}

impl Adam {
    pub(super) fn rule(self, variable: &Tensor) -> AdamRule {
        AdamRule { config: self, moments: Moments::new(variable) }
    }
}

#[derive(Debug)]
pub(super) struct AdamRule {
    config: Adam,
    moments: Moments,
}

impl Rule for AdamRule {
    fn step(&mut self, variable: &mut Tensor, gradient: &Tensor, step: &Step) {
        let gradient = with_decay(gradient, variable, step.decay);
        self.moments.step(variable, &gradient, step, self.config.betas, self.config.eps);
    }

    fn kept(&self) -> Vec<(&'static str, &Tensor)> {
        self.moments.kept()
    }
}

/// Running means of the gradient and of its square.
#[derive(Debug)]
pub(super) struct Moments {
    mean: Tensor,
    mean_square: Tensor,
}

impl Moments {
    pub(super) fn new(variable: &Tensor) -> Self {
        Self { mean: variable.zeros_like(), mean_square: variable.zeros_like() }
    }

    /// A step of Adam without weight decay.
    pub(super) fn step(
        &mut self,
        variable: &mut Tensor,
        gradient: &Tensor,
        step: &Step,
        [beta1, beta2]: [f64; 2],
        eps: f64,
    ) {
        let beta1 = step.momentum.unwrap_or(beta1);
        let _ = self.mean.lerp_(gradient, 1.0 - beta1);
        let _ = self.mean_square.g_mul_scalar_(beta2).addcmul_(&(gradient * (1.0 - beta2)), gradient);
        // Both began with zeros, which these take out again.
        let [correction1, correction2] = [beta1, beta2].map(|beta| 1.0 - beta.powi(step.number));
        let root = self.mean_square.sqrt().g_div_scalar_(correction2.sqrt()).g_add_scalar_(eps);
        let _ = variable.addcdiv_(&(&self.mean * (-step.rate / correction1)), &root);
    }

    pub(super) fn kept(&self) -> Vec<(&'static str, &Tensor)> {
        vec![("exp_avg", &self.mean), ("exp_avg_sq", &self.mean_square)]
    }
}
