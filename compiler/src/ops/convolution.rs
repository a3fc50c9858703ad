//! 2-d convolution.

use super::{
    Blame, ChannelSource, Extent, Family, Linearity, Problem, Rates, Rule, Saved, Variable, Window, map_input, product,
};
use crate::codes;
use crate::init::Init;
use crate::shape::{Partial, Shape};

/// `torch.nn.Conv2d`.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// Output channels.
    pub channels: u64,
    /// Kernel, stride, padding and dilation.
    pub window: Window,
    /// Groups of channels that do not see each other.
    pub groups: u64,
    /// How the weight starts.
    pub weight_init: Init,
    /// How the bias starts; `None` when there is no bias.
    pub bias_init: Option<Init>,
    /// How fast the weight trains.
    pub weight_rates: Rates,
    /// How fast the bias trains.
    pub bias_rates: Rates,
}

impl Rule for Convolution {
    fn family(&self) -> Family {
        Family::Convolution
    }

    fn linearity(&self) -> Linearity {
        Linearity::Weights
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, height, width) = map_input(inputs, "a convolution")?;
        for (which, channels) in [("output", Some(self.channels)), ("input", channels)] {
            let Some(channels) = channels.filter(|channels| channels % self.groups != 0) else { continue };
            return Err(Problem::new(
                codes::GROUPS,
                format!("{channels} {which} channels cannot be cut into {} groups", self.groups),
                Blame::Slot("groups"),
                format!("{channels} is not a multiple of {}", self.groups),
            ));
        }
        let [height, width] = self.window.output("a convolution", height, width)?;
        Ok(Partial::Map { channels: Some(self.channels), height, width })
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Slot("channels")
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Window(&self.window)
    }

    fn counts_as_depth(&self) -> bool {
        true
    }

    fn variables(&self, input: Shape) -> Vec<Variable> {
        let [rows, columns] = self.window.kernel;
        let mut variables = vec![
            Variable::trainable("weight", vec![self.channels, input.channels() / self.groups, rows, columns])
                .at(self.weight_rates),
        ];
        if self.bias_init.is_some() {
            variables.push(Variable::trainable("bias", vec![self.channels]).at(self.bias_rates));
        }
        variables
    }

    fn multiply_adds(&self, input: Shape, output: Shape) -> Option<u64> {
        let [rows, columns] = self.window.kernel;
        let per_value = product([input.channels() / self.groups, rows, columns])?;
        product(output.sizes().into_iter().chain([per_value]))
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::INPUT
    }
}
