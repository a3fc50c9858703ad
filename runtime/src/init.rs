//! Initial values of weights and biases.
//!
//! tch's own defaults are neither PyTorch's nor Caffe's, so generated code always names one of these.

use tch::nn;

/// How a variable is filled before training.
///
/// The fans are those of the weight, also for the bias that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// PyTorch's default for convolutions and linear layers, weights and biases alike:
    /// uniform within ±1/√`fan_in` (`kaiming_uniform_` with a = √5 comes down to this).
    PyTorch,
    /// Caffe's `xavier` filler: uniform within ±√(3/`fan_in`). Glorot's own has 6/(`fan_in` + `fan_out`).
    CaffeXavier,
    /// He's normal distribution for layers before a ReLU, `fan_out` mode: mean 0, variance 2/`fan_out`.
    HeNormal,
    /// The same value everywhere.
    Constant(f64),
}

/// How many values go into one output, and how many outputs one input value reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// Input values of one output value.
    pub fan_in: i64,
    /// Output values that one input value goes into, as PyTorch counts them.
    pub fan_out: i64,
}

impl Fans {
    /// Of a weight `[c_out, c_in / groups, kernel height, kernel width]`, or `[c_out, c_in]` of a linear layer.
    pub fn of_weight(shape: &[i64]) -> Self {
        let window: i64 = shape.iter().skip(2).product();
        let dimension = |i: usize| shape.get(i).copied().unwrap_or(1);
        Self { fan_in: dimension(1) * window, fan_out: dimension(0) * window }
    }
}

impl Init {
    /// The same in tch's terms, for a variable that belongs to a weight with these fans.
    pub fn with_fans(self, fans: Fans) -> nn::Init {
        #[expect(clippy::cast_precision_loss, reason = "fans are far below 2^52")]
        let (fan_in, fan_out) = (fans.fan_in as f64, fans.fan_out as f64);
        match self {
            Self::PyTorch => uniform(1.0 / fan_in.sqrt()),
            Self::CaffeXavier => uniform((3.0 / fan_in).sqrt()),
            Self::HeNormal => nn::Init::Randn { mean: 0.0, stdev: (2.0 / fan_out).sqrt() },
            Self::Constant(value) => nn::Init::Const(value),
        }
    }
}

fn uniform(bound: f64) -> nn::Init {
    nn::Init::Uniform { lo: -bound, up: bound }
}
