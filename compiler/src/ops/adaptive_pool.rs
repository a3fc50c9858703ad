//! Pooling to a size that is given, whatever comes in.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, map_input};
use crate::shape::{Partial, Shape};

/// `torch.nn.AdaptiveAvgPool2d` or `torch.nn.AdaptiveMaxPool2d`; a global pool delivers 1x1.
#[derive(Debug, Clone, PartialEq)]
pub struct AdaptivePool {
    /// Maximum or mean of each bin.
    pub pooling: Pooling,
    /// Rows and columns that it delivers.
    pub size: [u64; 2],
}

/// What becomes of the values under a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// The largest.
    Max,
    /// Their mean.
    Average,
}

impl AdaptivePool {
    /// What reports call it.
    pub fn name(&self) -> &'static str {
        match (self.pooling, self.size) {
            (Pooling::Max, [1, 1]) => "global max pool",
            (Pooling::Average, [1, 1]) => "global avg pool",
            (Pooling::Max, _) => "adaptive max pool",
            (Pooling::Average, _) => "adaptive avg pool",
        }
    }
}

impl Rule for AdaptivePool {
    fn family(&self) -> Family {
        Family::Pool
    }

    fn linearity(&self) -> Linearity {
        match self.pooling {
            Pooling::Average => Linearity::Affine,
            Pooling::Max => Linearity::NonLinear,
        }
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, _, _) = map_input(inputs, "an adaptive pool")?;
        let [height, width] = self.size;
        Ok(Partial::Map { channels, height: Some(height), width: Some(width) })
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Given(self.size)
    }

    fn patch(&self, input: Shape) -> Option<String> {
        match (self.size, input) {
            ([1, 1], Shape::Map { height, width, .. }) => Some(format!("{height}x{width}")),
            ([_, _], Shape::Map { .. } | Shape::Vector(_)) => None,
        }
    }

    fn saved(&self, _input: Shape, output: Shape) -> Saved {
        match (self.pooling, self.size) {
            (Pooling::Max, _) => Saved::maxima(output),
            // A mean over everything.
            (Pooling::Average, [1, 1]) => Saved::NOTHING,
            (Pooling::Average, _) => Saved::INPUT,
        }
    }
}
