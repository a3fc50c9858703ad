//! Mean over the whole map.

use super::{Problem, Rule, map_input};
use crate::shape::{Partial, Shape};

/// `torch.nn.AdaptiveAvgPool2d((1, 1))`.
#[derive(Debug, Clone, PartialEq)]
pub struct GlobalAvgPool;

impl Rule for GlobalAvgPool {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, _, _) = map_input(inputs, "a global average pool")?;
        Ok(Partial::Map { channels, height: Some(1), width: Some(1) })
    }

    fn patch(&self, input: Shape) -> Option<String> {
        match input {
            Shape::Map { height, width, .. } => Some(format!("{height}x{width}")),
            Shape::Vector(_) => None,
        }
    }
}
