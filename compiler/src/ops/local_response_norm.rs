//! Local response normalisation.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, map_input, only};
use crate::shape::{Partial, Shape};

/// `torch.nn.LocalResponseNorm`: across channels, with `alpha` divided by `size`, as in Caffe.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalResponseNorm {
    /// How many neighbouring channels are summed.
    pub size: u64,
    /// Factor of the sum.
    pub alpha: f64,
    /// Exponent.
    pub beta: f64,
    /// Added to the sum.
    pub k: f64,
}

impl Rule for LocalResponseNorm {
    fn family(&self) -> Family {
        Family::Norm
    }

    fn linearity(&self) -> Linearity {
        Linearity::NonLinear
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        map_input(inputs, "local response normalisation")?;
        Ok(only(inputs))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    /// The input, and for each value its square, the sum that it is divided by a power of, and that power. The squares are
    /// kept with the zeros that are put around the channels.
    fn saved(&self, _input: Shape, output: Shape) -> Saved {
        let around = match output {
            Shape::Map { height, width, .. } => (self.size - 1).saturating_mul(height).saturating_mul(width),
            Shape::Vector(_) => 0,
        };
        Saved { numbers: output.elements().saturating_mul(3).saturating_add(around), ..Saved::INPUT }
    }
}
