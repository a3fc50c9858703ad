//! Batch normalisation over images.

use crate::network::Statistics;
use tch::Tensor;
use tch::nn::{Init, Path};

/// Batch normalisation: `weight` (ones), `bias` (zeros), `running_mean` (zeros), `running_var` (ones), all `[channels]`.
///
/// Differs from PyTorch's module in one thing: there is no `num_batches_tracked`.
#[derive(Debug)]
pub struct BatchNorm2d {
    weight: Tensor,
    bias: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    eps: f64,
    momentum: f64,
}

impl BatchNorm2d {
    /// Registers the variables under `p`. `eps` is added to the variance; `momentum` is the weight of a new batch in
    /// the running statistics.
    pub fn new(p: &Path<'_>, channels: i64, eps: f64, momentum: f64) -> Self {
        Self {
            weight: p.var("weight", &[channels], Init::Const(1.0)),
            bias: p.var("bias", &[channels], Init::Const(0.0)),
            running_mean: p.zeros_no_train("running_mean", &[channels]),
            running_var: p.ones_no_train("running_var", &[channels]),
            eps,
            momentum,
        }
    }

    /// Normalises with these statistics.
    pub fn forward(&self, x: &Tensor, statistics: Statistics) -> Tensor {
        let (of_batch, momentum) = match statistics {
            Statistics::Running => (false, self.momentum),
            Statistics::Batch => (true, self.momentum),
            Statistics::BatchUnlessFrozen => (self.weight.requires_grad(), self.momentum),
            Statistics::Mean(number) => (true, 1.0 / f64::from(number.get())),
        };
        Tensor::batch_norm(
            x,
            Some(&self.weight),
            Some(&self.bias),
            Some(&self.running_mean),
            Some(&self.running_var),
            of_batch,
            momentum,
            self.eps,
            true, // cuDNN, where there is a GPU
        )
    }
}
