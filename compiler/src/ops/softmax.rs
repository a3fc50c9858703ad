//! Logits to probabilities.

use super::{Problem, Rule, only};
use crate::shape::Partial;

/// `torch.nn.Softmax(dim=1)`: over the channels of maps or the features of a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Softmax;

impl Rule for Softmax {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }
}
