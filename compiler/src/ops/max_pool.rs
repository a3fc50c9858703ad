//! Maximum over a window.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, Window};
use crate::shape::{Partial, Shape};

/// `torch.nn.MaxPool2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxPool {
    /// Geometry and rounding.
    pub window: Window,
}

impl Rule for MaxPool {
    fn family(&self) -> Family {
        Family::Pool
    }

    fn linearity(&self) -> Linearity {
        Linearity::NonLinear
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        self.window.pool("a max pool", inputs)
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Window(&self.window)
    }

    fn saved(&self, _input: Shape, output: Shape) -> Saved {
        Saved::maxima(output)
    }
}
