//! Element-wise non-linearities.

use super::{Extent, Family, Linearity, Problem, Rule, Saved, only};
use crate::shape::{Partial, Shape};

/// A non-linearity without parameters, as `torch.nn` defines it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// max(0, x).
    Relu,
    /// min(max(0, x), 6).
    Relu6,
    /// x where it is positive, `slope` times x elsewhere.
    LeakyRelu {
        /// Factor of negative values; PyTorch's default is 0.01.
        slope: f64,
    },
    /// x where it is positive, exp(x) - 1 elsewhere.
    Elu,
    /// x times the normal distribution's cumulative function of x, exactly, not the tanh approximation.
    Gelu,
    /// x times sigmoid(x), also called swish.
    Silu,
    /// x times relu6(x + 3) / 6.
    Hardswish,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// Every non-linearity, in the order in which messages list them, with PyTorch's default numbers.
    pub const ALL: [Self; 9] = [
        Self::Relu,
        Self::Relu6,
        Self::LeakyRelu { slope: 0.01 },
        Self::Elu,
        Self::Gelu,
        Self::Silu,
        Self::Hardswish,
        Self::Sigmoid,
        Self::Tanh,
    ];

    /// The word that specs and reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Relu6 => "relu6",
            Self::LeakyRelu { .. } => "leaky-relu",
            Self::Elu => "elu",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Hardswish => "hardswish",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
        }
    }
}

impl Rule for Activation {
    fn family(&self) -> Family {
        Family::Activation
    }

    fn linearity(&self) -> Linearity {
        Linearity::NonLinear
    }

    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem> {
        Ok(only(inputs))
    }

    fn extent(&self) -> Extent<'_> {
        Extent::Kept
    }

    fn saved(&self, _input: Shape, _output: Shape) -> Saved {
        match self {
            Self::Relu | Self::Sigmoid | Self::Tanh => Saved::OUTPUT,
            Self::Relu6 | Self::LeakyRelu { .. } | Self::Elu | Self::Gelu | Self::Silu | Self::Hardswish => {
                Saved::INPUT
            }
        }
    }
}
