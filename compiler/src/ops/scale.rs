//! Multiplication by a constant.

use super::{Problem, Rule, only};
use crate::shape::Partial;

/// `x * factor`, as Inception-ResNet damps its residuals. Has no parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The constant.
    pub factor: f64,
}

impl Rule for Scale {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }
}
