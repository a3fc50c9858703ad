//! Maximum over a window.

use super::{Problem, Rule, Window, map_input};
use crate::shape::Partial;

/// `torch.nn.MaxPool2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxPool {
    /// Geometry and rounding.
    pub window: Window,
}

impl Rule for MaxPool {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, height, width) = map_input(inputs, "a max pool")?;
        self.window.check_pool_padding("a max pool")?;
        let [height, width] = self.window.output("a max pool", height, width)?;
        Ok(Partial::Map { channels, height, width })
    }

    fn window(&self) -> Option<&Window> {
        Some(&self.window)
    }
}
