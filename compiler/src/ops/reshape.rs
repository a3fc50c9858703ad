//! Regroups the values of a whole batch into vectors of a given length.

use super::{ChannelSource, Problem, Rule};
use crate::shape::{Partial, Shape};

/// `x.view(-1, features)`. Unlike a flatten it can mix samples: when a sample does not hold just `features` values, the
/// batch comes out longer or shorter, and PyTorch says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Reshape {
    /// Length of each vector.
    pub features: u64,
}

impl Rule for Reshape {
    fn output(&self, _inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(Partial::Vector(Some(self.features)))
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Slot("features")
    }

    fn rows(&self, input: Shape) -> (u64, u64) {
        (input.elements(), self.features)
    }
}
