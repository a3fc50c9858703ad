//! Logits to probabilities.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, only};
use crate::shape::{Partial, Shape};

/// `torch.nn.Softmax(dim=1)`: over the channels of maps or the features of a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Softmax;

impl Rule for Softmax {
    fn family(&self) -> Family {
        Family::Activation
    }

    fn linearity(&self) -> Linearity {
        Linearity::NonLinear
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::OUTPUT
    }
}
