//! What every operation says about itself.

use super::{Blame, Linearity, Problem, Variable, Window};
use crate::shape::{Partial, Shape};

/// What every operation says about itself.
pub(crate) trait Rule {
    /// The output's shape; open dimensions stay open.
    fn output(&self, inputs: &[Partial]) -> Result<Partial, Problem>;

    /// What kind of thing it is.
    fn family(&self) -> Family;

    /// What it does to the linearity of what it reads.
    fn linearity(&self) -> Linearity;

    /// The tensors that it owns, in PyTorch's order of registration.
    fn variables(&self, _input: Shape) -> Vec<Variable> {
        Vec::new()
    }

    /// Where the number of its output's channels comes from.
    fn channels(&self) -> ChannelSource {
        ChannelSource::Input
    }

    /// What it does to height and width.
    fn extent(&self) -> Extent<'_>;

    /// The window that slides over the map, where there is one.
    fn window(&self) -> Option<&Window> {
        match self.extent() {
            Extent::Window(window) => Some(window),
            Extent::Kept | Extent::Given(_) | Extent::Vector => None,
        }
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
    pub(super) const NOTHING: Self = Self { input: false, output: false, numbers: 0, bytes: 0 };
    /// What came in.
    pub(super) const INPUT: Self = Self { input: true, ..Self::NOTHING };
    /// What went out.
    pub(super) const OUTPUT: Self = Self { output: true, ..Self::NOTHING };

    /// What came in, and where each maximum was found: PyTorch's indices have 64 bits.
    pub(super) fn maxima(output: Shape) -> Self {
        Self { bytes: output.elements().saturating_mul(8), ..Self::INPUT }
    }
}

/// What an operation does to height and width. Who asks matches on it without a wildcard, so that a new case reaches them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent<'o> {
    /// They stay; those of a join's inputs are the same.
    Kept,
    /// A window slides over the map.
    Window(&'o Window),
    /// The output has this height and width, whatever comes in.
    Given([u64; 2]),
    /// The output is a vector.
    Vector,
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

/// What kind of thing an operation is, for those who need not know which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// A convolution.
    Convolution,
    /// A fully connected layer.
    Linear,
    /// A pool of any kind.
    Pool,
    /// A normalisation, with weights or without.
    Norm,
    /// A non-linearity.
    Activation,
    /// Where branches meet.
    Join,
    /// The same values in another form.
    Form,
    /// The same values times a number, which may be drawn at random.
    Multiple,
}

/// The first input, which most operations have alone.
pub(super) fn only(inputs: &[Partial]) -> Partial {
    inputs.first().copied().unwrap_or(Partial::Unknown)
}

/// Channels, height and width of feature maps, where known.
pub(super) type Map = (Option<u64>, Option<u64>, Option<u64>);

/// The first input as feature maps, or the problem that it is a vector.
pub(super) fn map_input(inputs: &[Partial], what: &str) -> Result<Map, Problem> {
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
