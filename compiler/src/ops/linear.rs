//! Fully connected layer.

use super::{Blame, ChannelSource, Extent, Family, Linearity, Problem, Rates, Rule, Saved, Variable, only, product};
use crate::codes;
use crate::init::Init;
use crate::shape::{Partial, Shape};

/// `torch.nn.Linear`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Output features.
    pub features: u64,
    /// How the weight starts.
    pub weight_init: Init,
    /// How the bias starts; `None` when there is no bias.
    pub bias_init: Option<Init>,
    /// How fast the weight trains.
    pub weight_rates: Rates,
    /// How fast the bias trains.
    pub bias_rates: Rates,
}

impl Rule for Linear {
    fn family(&self) -> Family {
        Family::Linear
    }

    fn linearity(&self) -> Linearity {
        Linearity::Weights
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        match only(inputs) {
            Partial::Vector(_) | Partial::Unknown => Ok(Partial::Vector(Some(self.features))),
            map @ Partial::Map { .. } => Err(Problem::new(
                codes::NEEDS_VECTOR,
                format!("a linear layer needs a vector, but gets feature maps of {map}"),
                Blame::Layer,
                format!("gets {map}"),
            )
            .help("put a `flatten` before it")),
        }
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Vector
    }

    fn channels(&self) -> ChannelSource {
        ChannelSource::Slot("features")
    }

    fn counts_as_depth(&self) -> bool {
        true
    }

    fn variables(&self, input: Shape) -> Vec<Variable> {
        let mut variables =
            vec![Variable::trainable("weight", vec![self.features, input.channels()]).at(self.weight_rates)];
        if self.bias_init.is_some() {
            variables.push(Variable::trainable("bias", vec![self.features]).at(self.bias_rates));
        }
        variables
    }

    fn multiply_adds(&self, input: Shape, output: Shape) -> Option<u64> {
        product([input.channels(), output.channels()])
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        Saved::INPUT
    }
}
