//! The primitive operations that every layer expands into, each in a file with its shape rule and its cost.
//!
//! The enum is exhaustive, and who must know every operation matches on it, or on an answer of its `Rule`, without a wildcard: a
//! new operation makes rustc list what it still needs. Who is about one operation alone asks for that by name, which rustc cannot
//! list; docs/architecture.md does.

mod activation;
mod adaptive_pool;
mod add;
mod avg_pool;
mod batch_norm;
mod channel_affine;
mod concat;
mod convolution;
mod dropout;
mod flatten;
mod linear;
mod linearity;
mod local_response_norm;
mod max_pool;
mod problem;
mod reshape;
mod rule;
mod scale;
mod softmax;
mod variable;
mod window;

pub use activation::Activation;
pub use adaptive_pool::{AdaptivePool, Pooling};
pub use add::Add;
pub use avg_pool::AvgPool;
pub use batch_norm::BatchNorm;
pub use channel_affine::ChannelAffine;
pub use concat::Concat;
pub use convolution::Convolution;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use linear::Linear;
pub use local_response_norm::LocalResponseNorm;
pub use max_pool::MaxPool;
pub use reshape::Reshape;
pub use scale::Scale;
pub use softmax::Softmax;
pub use variable::{Rates, Variable};
pub use window::Window;

pub(crate) use linearity::Linearity;
pub(crate) use problem::{Blame, Problem, odd_ones};
pub(crate) use rule::{ChannelSource, Extent, Family, Rule, Saved};
use rule::{map_input, only};

/// The largest number that a spec may use as a size: the largest that every reader of a JSON report sees exactly. PyTorch
/// counts with 63 bits, which products of sizes are held against where they are made.
pub(crate) const LARGEST_SIZE: u64 = 1 << 53;

/// One primitive operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// 2-d convolution.
    Convolution(Convolution),
    /// Batch normalisation over channels.
    BatchNorm(BatchNorm),
    /// Local response normalisation across channels.
    LocalResponseNorm(LocalResponseNorm),
    /// An element-wise non-linearity.
    Activation(Activation),
    /// Maximum over a window.
    MaxPool(MaxPool),
    /// Mean over a window.
    AvgPool(AvgPool),
    /// Maximum or mean over bins that make a map of a given size.
    AdaptivePool(AdaptivePool),
    /// Joins maps along the channels.
    Concat(Concat),
    /// Adds values of one shape.
    Add(Add),
    /// Multiplies by a constant.
    Scale(Scale),
    /// Scales and shifts each channel by constants.
    ChannelAffine(ChannelAffine),
    /// Zeroes values at random while training.
    Dropout(Dropout),
    /// Turns maps into a vector.
    Flatten(Flatten),
    /// Regroups the values of a batch into vectors of a given length.
    Reshape(Reshape),
    /// Fully connected layer.
    Linear(Linear),
    /// Logits to probabilities.
    Softmax(Softmax),
}

impl Op {
    pub(crate) fn rule(&self) -> &dyn Rule {
        match self {
            Self::Convolution(op) => op,
            Self::BatchNorm(op) => op,
            Self::LocalResponseNorm(op) => op,
            Self::Activation(op) => op,
            Self::MaxPool(op) => op,
            Self::AvgPool(op) => op,
            Self::AdaptivePool(op) => op,
            Self::Concat(op) => op,
            Self::Add(op) => op,
            Self::Scale(op) => op,
            Self::ChannelAffine(op) => op,
            Self::Dropout(op) => op,
            Self::Flatten(op) => op,
            Self::Reshape(op) => op,
            Self::Linear(op) => op,
            Self::Softmax(op) => op,
        }
    }

    /// What reports call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Convolution(_) => "convolution",
            Self::BatchNorm(_) => "batch norm",
            Self::LocalResponseNorm(_) => "local response norm",
            Self::Activation(activation) => activation.name(),
            Self::MaxPool(_) => "max pool",
            Self::AvgPool(_) => "avg pool",
            Self::AdaptivePool(pool) => pool.name(),
            Self::Concat(_) => "concat",
            Self::Add(_) => "add",
            Self::Scale(_) => "scale",
            Self::ChannelAffine(_) => "channel normalisation",
            Self::Dropout(_) => "dropout",
            Self::Flatten(_) => "flatten",
            Self::Reshape(_) => "reshape",
            Self::Linear(_) => "linear",
            Self::Softmax(_) => "softmax",
        }
    }
}

/// The product, as long as a signed 64-bit number can hold it, which is what PyTorch counts with.
pub(crate) fn product(factors: impl IntoIterator<Item = u64>) -> Option<u64> {
    let product = factors.into_iter().try_fold(1_u64, u64::checked_mul)?;
    i64::try_from(product).is_ok().then_some(product)
}
