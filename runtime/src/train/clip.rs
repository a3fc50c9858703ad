//! Gradients that are too large, made smaller before the optimizer sees them.

use super::parameters::Parameter;
use super::range;
use crate::batch::number;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// How gradients are clipped: `norm: 1.0` or `value: 0.5`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Clip {
    /// All by the same factor, so that their norm, all of them taken as one vector, is at most this: PyTorch's
    /// `clip_grad_norm_`.
    Norm(#[serde(deserialize_with = "range::positive")] f64),
    /// Each number for itself, to at most this much above or below 0: PyTorch's `clip_grad_value_`.
    Value(#[serde(deserialize_with = "range::positive")] f64),
}

impl Clip {
    /// Clips the gradients of `parameters`, and returns the norm that they had before, for [`Clip::Norm`]. Where that is not
    /// finite, no gradient can be learnt from.
    ///
    /// # Errors
    /// When libtorch fails to compute.
    pub fn apply<'a>(self, parameters: impl Iterator<Item = &'a Parameter>) -> Result<Option<f64>> {
        let _guard = tch::no_grad_guard();
        let gradients = parameters.map(|parameter| parameter.tensor.grad()).filter(Tensor::defined);
        match self {
            Self::Value(most) => {
                for mut gradient in gradients {
                    let _ = gradient.clamp_(-most, most);
                }
                Ok(None)
            }
            Self::Norm(most) => clip_norm(most, gradients.collect()).map(Some),
        }
    }
}

fn clip_norm(most: f64, gradients: Vec<Tensor>) -> Result<f64> {
    if gradients.is_empty() {
        return Ok(0.0);
    }
    let norms: Vec<Tensor> = gradients.iter().map(Tensor::norm).collect();
    let norm = number(&Tensor::stack(&norms, 0).norm())?;
    // PyTorch's, to the 1e-6.
    let factor = most / (norm + 1e-6);
    if factor < 1.0 {
        for mut gradient in gradients {
            let _ = gradient.g_mul_scalar_(factor);
        }
    }
    Ok(norm)
}
