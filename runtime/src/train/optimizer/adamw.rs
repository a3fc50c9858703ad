//! Adam with the weight decay beside the gradient: PyTorch's `AdamW` without `amsgrad`.

use super::adam::{Adam, Moments};
use super::{Rule, Step};
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// Adam as Loshchilov and Hutter have it: variables are multiplied by 1 − rate · decay, whatever their gradient. The settings
/// are [Adam's](Adam).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdamW(pub Adam);

impl AdamW {
    pub(super) fn rule(self, variable: &Tensor) -> AdamWRule {
        AdamWRule { config: self.0, moments: Moments::new(variable) }
    }
}

#[derive(Debug)]
pub(super) struct AdamWRule {
    config: Adam,
    moments: Moments,
}

impl Rule for AdamWRule {
    fn step(&mut self, variable: &mut Tensor, gradient: &Tensor, step: &Step) {
        if step.decay != 0.0 {
            let _ = variable.g_mul_scalar_(1.0 - step.rate * step.decay);
        }
        self.moments.step(variable, gradient, step, self.config.betas, self.config.eps);
    }

    fn kept(&self) -> Vec<(&'static str, &Tensor)> {
        self.moments.kept()
    }
}
