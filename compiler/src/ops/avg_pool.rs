//! Mean over a window.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, Window};
use crate::shape::{Partial, Shape};

/// `torch.nn.AvgPool2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct AvgPool {
    /// Geometry and rounding; pools have no dilation.
    pub window: Window,
    /// Whether padding counts as zeros in the mean.
    pub count_include_pad: bool,
}

impl Rule for AvgPool {
    fn family(&self) -> Family {
        Family::Pool
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        self.window.pool("an average pool", inputs)
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Window(&self.window)
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::INPUT
    }
}
