//! Batch normalisation.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, Variable, map_input, only};
use crate::shape::{Partial, Shape};

/// `torch.nn.BatchNorm2d`, with scale and shift.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm {
    /// Added to the variance.
    pub eps: f64,
    /// Weight of the newest batch in the running statistics.
    pub momentum: f64,
}

impl Rule for BatchNorm {
    fn family(&self) -> Family {
        Family::Norm
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        map_input(inputs, "batch normalisation")?;
        Ok(only(inputs))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn variables(&self, input: Shape) -> Vec<Variable> {
        let channels = vec![input.channels()];
        vec![
            Variable::trainable("weight", channels.clone()),
            Variable::trainable("bias", channels.clone()),
            Variable::buffer("running_mean", channels.clone()),
            Variable::buffer("running_var", channels),
        ]
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::INPUT
    }
}
