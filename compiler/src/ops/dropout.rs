//! Dropout.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, only};
use crate::shape::{Partial, Shape};

/// `torch.nn.Dropout`: while training, zeroes each value with probability `p` and scales the rest by 1/(1-p).
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    /// Probability of a zero, in [0, 1).
    pub p: f64,
}

impl Rule for Dropout {
    fn family(&self) -> Family {
        Family::Multiple
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    /// The mask, a byte for each value.
    fn saved(&self, _input: Shape, output: Shape) -> Saved {
        Saved { bytes: output.elements(), ..Saved::NOTHING }
    }

    fn is_view(&self, training: bool) -> bool {
        !training
    }
}
