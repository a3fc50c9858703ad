//! Maximum over a window.

use super::{Problem, Rule, Window};
use crate::shape::Partial;

/// `torch.nn.MaxPool2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxPool {
    /// Geometry and rounding.
    pub window: Window,
}

impl Rule for MaxPool {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        self.window.pool("a max pool", inputs)
    }

    fn window(&self) -> Option<&Window> {
        Some(&self.window)
    }
}
