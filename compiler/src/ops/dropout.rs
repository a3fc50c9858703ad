//! Dropout.

use super::{Problem, Rule, only};
use crate::shape::Partial;

/// `torch.nn.Dropout`: while training, zeroes each value with probability `p` and scales the rest by 1/(1-p).
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    /// Probability of a zero, in [0, 1).
    pub p: f64,
}

impl Rule for Dropout {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }
}
