//! Multiplication by a constant.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, only};
use crate::shape::{Partial, Shape};

/// `x * factor`, as Inception-ResNet damps its residuals. Has no parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The constant.
    pub factor: f64,
}

impl Rule for Scale {
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

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }
}
