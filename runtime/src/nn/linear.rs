//! The fully connected layer.

use crate::init::{Fans, Init};
use tch::Tensor;
use tch::nn::Path;

/// A linear layer: `weight` `[n_out, n_in]` and perhaps `bias` `[n_out]`.
#[derive(Debug)]
pub struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// Registers the variables under `p`; without `bias_init` there is no bias.
    pub fn new(p: &Path<'_>, n_in: i64, n_out: i64, weight_init: Init, bias_init: Option<Init>) -> Self {
        let shape = [n_out, n_in];
        let fans = Fans::of_weight(&shape);
        let weight = p.var("weight", &shape, weight_init.with_fans(fans));
        let bias = bias_init.map(|init| p.var("bias", &[n_out], init.with_fans(fans)));
        Self { weight, bias }
    }

    /// `[batch, n_in]` to `[batch, n_out]`.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        x.linear(&self.weight, self.bias.as_ref())
    }
}
