//! Maps to vector.

use super::{Blame, Problem, Rule, only, product};
use crate::codes;
use crate::shape::Partial;

/// `torch.nn.Flatten`: channels, then rows, then columns; samples stay apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Flatten;

impl Rule for Flatten {
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let sizes = match only(inputs) {
            Partial::Map { channels, height, width } => [channels, height, width],
            vector @ Partial::Vector(_) => return Ok(vector),
            Partial::Unknown => return Ok(Partial::Vector(None)),
        };
        let Some(sizes) = sizes.into_iter().collect::<Option<Vec<u64>>>() else { return Ok(Partial::Vector(None)) };
        match product(sizes) {
            Some(features) => Ok(Partial::Vector(Some(features))),
            None => Err(Problem::new(
                codes::TOO_LARGE,
                format!("flattening {} gives more features than can be counted", only(inputs)),
                Blame::Layer,
                "too large".into(),
            )),
        }
    }
}
