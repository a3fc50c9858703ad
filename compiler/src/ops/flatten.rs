//! Maps to vector.

use super::{ChannelSource, Extent, Family, Linearity, Problem, Rule, Saved, only, product};
use crate::shape::{Partial, Shape};

/// `torch.nn.Flatten`: channels, then rows, then columns; samples stay apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Flatten;

impl Rule for Flatten {
    fn family(&self) -> Family {
        Family::Form
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Inputs
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let sizes = match only(inputs) {
            Partial::Map { channels, height, width } => [channels, height, width],
            vector @ Partial::Vector(_) => return Ok(vector),
            Partial::Unknown => return Ok(Partial::Vector(None)),
        };
        let Some(sizes) = sizes.into_iter().collect::<Option<Vec<u64>>>() else { return Ok(Partial::Vector(None)) };
        // An input that cannot be counted is reported where it is made.
        Ok(Partial::Vector(product(sizes)))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Vector
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }

    fn is_view(&self, _training: bool) -> bool {
        true
    }
}
