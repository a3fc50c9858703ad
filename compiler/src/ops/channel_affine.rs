//! A fixed scale and shift for each channel, such as the normalisation of an input.

use super::{Blame, Extent, Family, Linearity, Problem, Rule, Saved, map_input, only};
use crate::codes;
use crate::shape::{Partial, Shape};

/// `x * scale + shift`, channel by channel, with constants. Has no parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelAffine {
    /// A factor for each channel.
    pub scale: Vec<f64>,
    /// What is added afterwards, for each channel.
    pub shift: Vec<f64>,
}

impl Rule for ChannelAffine {
    fn family(&self) -> Family {
        Family::Norm
    }

    fn linearity(&self) -> Linearity {
        Linearity::Affine
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, _, _) = map_input(inputs, "a normalisation of channels")?;
        let given = self.scale.len() as u64;
        match channels {
            Some(channels) if channels != given => Err(Problem::new(
                codes::CHANNEL_COUNT,
                format!("the normalisation has values for {given} channels, but gets {channels}"),
                Blame::Layer,
                format!("{channels} where {given} are needed"),
            )),
            _ => Ok(only(inputs)),
        }
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::NOTHING
    }
}
