//! Initial values of weights and biases.
//!
//! tch's own defaults are neither PyTorch's nor Caffe's, so generated code always names one of these.

use std::f64::consts::SQRT_2;
use tch::nn::{self, Path};
use tch::{Kind, Tensor};

/// How a variable is filled before training.
///
/// The fans are those of the weight, also for the bias that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// PyTorch's default for convolutions and linear layers, weights and biases alike:
    /// uniform within ±1/√`fan_in` (`kaiming_uniform_` with a = √5 comes down to this).
    PyTorch,
    /// Caffe's `xavier` filler: uniform within ±√(3/`fan_in`). Glorot's own also looks at the `fan_out`.
    CaffeXavier,
    /// Glorot and Bengio 2010: uniform within ±√(6/(`fan_in` + `fan_out`)).
    GlorotUniform,
    /// Glorot and Bengio 2010: mean 0, variance 2/(`fan_in` + `fan_out`).
    GlorotNormal,
    /// He et al. 2015, for layers before a ReLU: mean 0, variance 2/fan.
    HeNormal(Fan),
    /// He et al. 2015, for layers before a ReLU: uniform within ±√(6/fan).
    HeUniform(Fan),
    /// A normal distribution.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        std: f64,
    },
    /// A normal distribution without what lies outside ±`cut`, as `torch.nn.init.trunc_normal_` draws it.
    TruncatedNormal {
        /// The mean of the whole distribution.
        mean: f64,
        /// The standard deviation of the whole distribution.
        std: f64,
        /// The largest absolute value; not a number of standard deviations.
        cut: f64,
    },
    /// The same value everywhere.
    Constant(f64),
}

/// Which connections He's rules count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fan {
    /// [`Fans::fan_in`].
    In,
    /// [`Fans::fan_out`].
    Out,
}

/// How many values go into one output, and how many outputs one input value reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// Input values of one output value.
    pub fan_in: i64,
    /// Output values that one input value goes into, as PyTorch counts them: as if there were no groups.
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
    /// Registers the trainable variable `name` under `p`, filled in this way; it belongs to a weight with these fans.
    pub fn variable(self, p: &Path<'_>, name: &str, shape: &[i64], fans: Fans) -> Tensor {
        #[expect(clippy::cast_precision_loss, reason = "fans are far below 2^52")]
        let (fan_in, fan_out) = (fans.fan_in as f64, fans.fan_out as f64);
        let count = |fan| if fan == Fan::In { fan_in } else { fan_out };
        let init = match self {
            Self::PyTorch => uniform(1.0 / fan_in.sqrt()),
            Self::CaffeXavier => uniform((3.0 / fan_in).sqrt()),
            Self::GlorotUniform => uniform((6.0 / (fan_in + fan_out)).sqrt()),
            Self::GlorotNormal => normal((2.0 / (fan_in + fan_out)).sqrt()),
            Self::HeNormal(fan) => normal((2.0 / count(fan)).sqrt()),
            Self::HeUniform(fan) => uniform((6.0 / count(fan)).sqrt()),
            Self::Normal { mean, std } => nn::Init::Randn { mean, stdev: std },
            Self::TruncatedNormal { mean, std, cut } => {
                let values = truncated_normal(p, shape, mean, std, cut);
                return p.add(name, values.to_kind(p.kind()), true);
            }
            Self::Constant(value) => nn::Init::Const(value),
        };
        p.var(name, shape, init)
    }
}

fn uniform(bound: f64) -> nn::Init {
    nn::Init::Uniform { lo: -bound, up: bound }
}

fn normal(stdev: f64) -> nn::Init {
    nn::Init::Randn { mean: 0.0, stdev }
}

/// Inverts the distribution function between the two cuts, in double precision: in single precision its ends would be
/// infinite, and values far outside the distribution would come up now and then.
fn truncated_normal(p: &Path<'_>, shape: &[i64], mean: f64, std: f64, cut: f64) -> Tensor {
    let end = |value: f64| Tensor::from((value - mean) / (std * SQRT_2)).erf().double_value(&[]);
    // The inverse of the error function is infinite at 1 itself.
    let largest = 1.0 - f64::EPSILON / 2.0;
    let mut values = Tensor::zeros(shape, (Kind::Double, p.device()));
    values = values.uniform_(end(-cut), end(cut)).clamp(-largest, largest);
    // Rounding alone can leave the range.
    (values.erfinv() * (std * SQRT_2) + mean).clamp(-cut, cut)
}
