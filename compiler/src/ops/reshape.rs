//! Regroups the values of a whole batch into vectors of a given length.

use super::{ChannelSource, Extent, Family, Linearity, Problem, Rule, Saved};
use crate::shape::{Partial, Shape};

/// `x.view(-1, features)`. Unlike a flatten it can mix samples: when a sample does not hold just `features` values, the
/// batch comes out longer or shorter, and PyTorch says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Reshape {
    /// Length of each vector.
    pub features: u64,
}

impl Rule for Reshape {
    fn family(&self) -> Family {
        Family::Form
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, _inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(Partial::Vector(Some(self.features)))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Vector
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Slot("features")
    }

    fn rows(&self, input: Shape) -> (u64, u64) {
        (input.elements(), self.features)
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }

    fn is_view(&self, _training: bool) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Reshape, Rule, Shape};

    /// PyTorch 2.13: `view(-1, 2048)` of maps `[2, 128, 4, 4]` gives 2 rows, of `[16, 128, 3, 3]` 9, and refuses `[2, 128, 3, 3]`.
    #[test]
    fn rows_are_pytorchs() {
        let rows = |batch: u64, size: u64| {
            let (times, over) =
                Reshape { features: 2048 }.rows(Shape::Map { channels: 128, height: size, width: size });
            (batch * times).is_multiple_of(over).then(|| batch * times / over)
        };
        assert_eq!((rows(2, 4), rows(16, 3), rows(2, 3)), (Some(2), Some(9), None));
    }
}
