//! Element-wise non-linearities.

use super::{Problem, Rule, only};
use crate::shape::Partial;

/// A non-linearity without parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// max(0, x).
    Relu,
}

impl Activation {
    /// The word that specs and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
        }
    }
}

impl Rule for Activation {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }
}
