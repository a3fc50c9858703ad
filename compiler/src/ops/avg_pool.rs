//! Mean over a window.

use super::{Problem, Rule, Window, map_input};
use crate::shape::Partial;

/// `torch.nn.AvgPool2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct AvgPool {
    /// Geometry and rounding; pools have no dilation.
    pub window: Window,
    /// Whether padding counts as zeros in the mean.
    pub count_include_pad: bool,
}

impl Rule for AvgPool {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, height, width) = map_input(inputs, "an average pool")?;
        self.window.check_pool_padding("an average pool")?;
        let [height, width] = self.window.output("an average pool", height, width)?;
        Ok(Partial::Map { channels, height, width })
    }

    fn window(&self) -> Option<&Window> {
        Some(&self.window)
    }
}
