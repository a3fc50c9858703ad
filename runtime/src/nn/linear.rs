//! The fully connected layer.

use super::variable;
use super::weights::Weights;
use crate::init::{Fans, Init};
use tch::Tensor;
use tch::nn::Path;

/// A linear layer: `weight` `[n_out, n_in]` and perhaps `bias` `[n_out]`.
#[derive(Debug)]
pub struct Linear {
    weights: Weights,
}

impl Linear {
    /// Registers the variables under `p`; without `bias_init` there is no bias.
    pub fn new(p: &Path<'_>, n_in: i64, n_out: i64, weight_init: Init, bias_init: Option<Init>) -> Self {
        Self::with_rates(p, n_in, n_out, weight_init, bias_init, [0, 0])
    }

    /// The same, where weight and bias learn at the rates of these places in [`Network::RATES`].
    ///
    /// [`Network::RATES`]: crate::network::Network::RATES
    pub fn with_rates(
        p: &Path<'_>,
        n_in: i64,
        n_out: i64,
        weight_init: Init,
        bias_init: Option<Init>,
        rates: [usize; 2],
    ) -> Self {
        let shape = [n_out, n_in];
        let fans = Fans::of_weight(&shape);
        let weight = variable(p, "weight", &shape, weight_init, fans, rates[0]);
        let bias = bias_init.map(|init| variable(p, "bias", &[n_out], init, fans, rates[1]));
        Self { weights: Weights::new(weight, bias) }
    }

    /// `[batch, n_in]` to `[batch, n_out]`.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself takes one lifetime, not any")]
    pub fn forward(&self, x: &Tensor) -> Tensor {
        self.weights.apply(x, |x, weight, bias| x.linear(weight, bias))
    }
}
