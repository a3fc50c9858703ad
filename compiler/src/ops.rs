//! The primitive operations that every layer expands into, each in a file with its shape rule and its cost.
//!
//! The enum is exhaustive and nobody matches on it with a wildcard: a new operation makes rustc list what it still needs.

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
mod local_response_norm;
mod max_pool;
mod reshape;
mod scale;
mod softmax;
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
pub use window::Window;

use std::collections::HashMap;

use serde::Serialize;

use crate::shape::{Partial, Shape};

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

/// A tensor that an operation owns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variable {
    /// Its name below the operation's scope: `weight`.
    pub name: String,
    /// Its sizes, in PyTorch's order.
    pub shape: Vec<u64>,
    /// Whether training changes it by gradient; running statistics are not trainable, and not counted as parameters.
    pub trainable: bool,
    /// How fast it trains beside the others; not written when it trains as they do.
    #[serde(flatten, skip_serializing_if = "Rates::is_usual")]
    pub rates: Rates,
}

/// Multipliers of the learning rate and of the weight decay, as Caffe's `lr_mult` and `decay_mult`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// Of the learning rate.
    pub lr: f64,
    /// Of the weight decay.
    pub decay: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Self { lr: 1.0, decay: 1.0 }
    }
}

impl Rates {
    /// Whether both are 1.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Variable {
    fn trainable(name: &str, shape: Vec<u64>) -> Self {
        Self { name: name.into(), shape, trainable: true, rates: Rates::default() }
    }

    fn buffer(name: &str, shape: Vec<u64>) -> Self {
        Self { trainable: false, ..Self::trainable(name, shape) }
    }

    fn at(self, rates: Rates) -> Self {
        Self { rates, ..self }
    }

    /// How many numbers it holds, or `None` when no 64-bit signed count can hold it.
    pub fn elements(&self) -> Option<u64> {
        product(self.shape.iter().copied())
    }
}

/// Why an operation cannot take its inputs, free of positions: `check` knows where the blamed thing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) blame: Blame,
    pub(crate) label: String,
    pub(crate) notes: Vec<String>,
    pub(crate) helps: Vec<String>,
}

/// What a problem points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The value of an attribute, or the layer when it was not written.
    Slot(&'static str),
    /// Inputs that do not go together: what is said of each, and whether it is an odd one out.
    Inputs(Vec<(String, bool)>),
    /// The layer as a whole.
    Layer,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: String, blame: Blame, label: String) -> Self {
        Self { code, message, blame, label, notes: Vec::new(), helps: Vec::new() }
    }

    pub(crate) fn note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    pub(crate) fn help(mut self, help: &str) -> Self {
        self.helps.push(help.into());
        self
    }
}

/// What every operation says about itself.
pub(crate) trait Rule {
    /// The output's shape; open dimensions stay open.
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem>;

    /// The tensors that it owns, in PyTorch's order of registration.
    fn variables(&self, _input: Shape) -> Vec<Variable> {
        Vec::new()
    }

    /// Where the number of its output's channels comes from.
    fn channels(&self) -> ChannelSource {
        ChannelSource::Input
    }

    /// The window that slides over the map, where there is one.
    fn window(&self) -> Option<&Window> {
        None
    }

    /// What a report's column patch/stride says.
    fn patch(&self, _input: Shape) -> Option<String> {
        self.window().map(Window::patch)
    }

    /// Whether it counts as a layer when the depth of a network is stated ("22 layers deep when counting only layers with
    /// parameters"): convolutions and linear layers do, normalisations do not.
    fn counts_as_depth(&self) -> bool {
        false
    }

    /// How many rows of the batch come out for how many that went in, as a fraction. All but reshapes keep samples apart.
    fn rows(&self, _input: Shape) -> (u64, u64) {
        (1, 1)
    }

    /// What the backward pass reads of the operation's values, so that training keeps it. Weights are not meant: they stay anyway.
    fn saved(&self, input: Shape, output: Shape) -> Saved;

    /// Whether the output is the input's own memory, seen in another way or passed through, so that it costs none.
    fn is_view(&self, _training: bool) -> bool {
        false
    }

    /// Multiplications (each with its addition) for one sample, as the field counts them: convolutions and linear layers
    /// only, without biases. `None` when no 64-bit signed count can hold it.
    fn multiply_adds(&self, _input: Shape, _output: Shape) -> Option<u64> {
        Some(0)
    }
}

/// What training keeps of an operation until the backward pass: the definition of the manual's page on reports, which follows
/// PyTorch's own derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Its inputs.
    pub(crate) input: bool,
    /// Its output.
    pub(crate) output: bool,
    /// More numbers of the network's element type, for one sample.
    pub(crate) numbers: u64,
    /// More bytes, for one sample.
    pub(crate) bytes: u64,
}

impl Saved {
    /// Sizes alone are enough.
    const NOTHING: Self = Self { input: false, output: false, numbers: 0, bytes: 0 };
    /// What came in.
    const INPUT: Self = Self { input: true, ..Self::NOTHING };
    /// What went out.
    const OUTPUT: Self = Self { output: true, ..Self::NOTHING };

    /// What came in, and where each maximum was found: PyTorch's indices have 64 bits.
    fn maxima(output: Shape) -> Self {
        Self { bytes: output.elements().saturating_mul(8), ..Self::INPUT }
    }
}

/// Where the number of an output's channels comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChannelSource {
    /// The input's.
    Input,
    /// An attribute, by its slot.
    Slot(&'static str),
    /// Worked out from the inputs, such as a sum.
    Inputs,
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

/// Which of several kinds, each in words, are odd: those that are not as most are, or as the first is where no kind is in the
/// majority.
pub(crate) fn odd_ones(kinds: &[String]) -> Vec<bool> {
    let mut votes: HashMap<&str, usize> = HashMap::new();
    for kind in kinds {
        *votes.entry(kind).or_default() += 1;
    }
    let usual = kinds.iter().rev().max_by_key(|kind| votes.get(kind.as_str()));
    kinds.iter().map(|kind| Some(kind) != usual).collect()
}

impl Blame {
    /// Inputs that do not go together, with what is said of each, and which are odd.
    pub(crate) fn inputs(words: impl IntoIterator<Item = String>, odd: Vec<bool>) -> Self {
        Self::Inputs(words.into_iter().zip(odd).collect())
    }
}

/// The first input, which most operations have alone.
fn only(inputs: &[Partial]) -> Partial {
    inputs.first().copied().unwrap_or(Partial::Unknown)
}

/// Channels, height and width of feature maps, where known.
type Map = (Option<u64>, Option<u64>, Option<u64>);

/// The first input as feature maps, or the problem that it is a vector.
fn map_input(inputs: &[Partial], what: &str) -> Result<Map, Problem> {
    match only(inputs) {
        Partial::Map { channels, height, width } => Ok((channels, height, width)),
        Partial::Unknown => Ok((None, None, None)),
        Partial::Vector(_) => Err(Problem::new(
            crate::codes::NEEDS_MAP,
            format!("{what} needs feature maps, but gets a vector of {} features", only(inputs)),
            Blame::Layer,
            format!("gets {} features, without height and width", only(inputs)),
        )
        .help("put it before the `flatten`, or let the head hang off an earlier node")),
    }
}
