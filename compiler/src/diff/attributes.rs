//! What an operation says about itself, as words that can be compared: one list of names and values per operation.

use std::fmt::Display;

use crate::CheckedNetwork;
use crate::init::{Fan, Init};
use crate::ops::{AdaptivePool, AvgPool, Op, Pooling, Rates, Window};

/// One thing that an operation says about itself. What only one of two operations has follows from something else that
/// both have, as a bias's initial value does from the bias.
pub(crate) struct Attribute {
    /// `channels`.
    pub(crate) name: &'static str,
    /// `144`.
    pub(crate) value: String,
    /// The parameter of a block that the value was written as: `n3x3_reduce`.
    pub(crate) parameter: Option<String>,
}

/// Operations that can stand for one another. Two of one class are compared attribute by attribute, two of different
/// classes are two different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Where a sequence starts, before its first operation.
    Start,
    Convolution,
    Linear,
    Pool,
    Norm,
    LocalNorm,
    Activation,
    Dropout,
    Flatten,
    Fork,
    Scale,
    Affine,
    Softmax,
}

impl Class {
    /// What tables call one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Convolution => "conv",
            Self::Linear => "linear",
            Self::Pool => "pool",
            Self::Norm => "batchnorm",
            Self::LocalNorm => "lrn",
            Self::Activation => "activation",
            Self::Dropout => "dropout",
            Self::Flatten => "flatten",
            Self::Fork => "branches",
            Self::Scale => "scale",
            Self::Affine => "normalize",
            Self::Softmax => "softmax",
        }
    }
}

/// The class of an operation.
pub(crate) fn class(op: &Op) -> Class {
    match op {
        Op::Convolution(_) => Class::Convolution,
        Op::BatchNorm(_) => Class::Norm,
        Op::LocalResponseNorm(_) => Class::LocalNorm,
        Op::Activation(_) => Class::Activation,
        Op::MaxPool(_) | Op::AvgPool(_) | Op::AdaptivePool(_) => Class::Pool,
        Op::Concat(_) | Op::Add(_) => Class::Fork,
        Op::Scale(_) => Class::Scale,
        Op::ChannelAffine(_) => Class::Affine,
        Op::Dropout(_) => Class::Dropout,
        Op::Flatten(_) | Op::Reshape(_) => Class::Flatten,
        Op::Linear(_) => Class::Linear,
        Op::Softmax(_) => Class::Softmax,
    }
}

/// Everything that an operation does, and nothing that follows from what comes in.
pub(crate) fn attributes(checked: &CheckedNetwork, index: usize) -> Vec<Attribute> {
    let operation = &checked.network().operations[index];
    let mut list = List(Vec::new());
    match &operation.op {
        Op::Convolution(op) => {
            let parameter = operation.slot("channels").and_then(|slot| slot.parameter.as_deref().map(str::to_owned));
            list.0.push(Attribute { name: "channels", value: op.channels.to_string(), parameter });
            list.add("kernel", pair(op.window.kernel));
            list.add("stride", pair(op.window.stride));
            list.add("dilation", pair(op.window.dilation));
            list.add("padding", if is_half(&op.window) { "half the kernel".into() } else { sides(&op.window) });
            list.add("groups", op.groups);
            list.weights(op.weight_init, op.bias_init);
        }
        Op::Linear(op) => {
            // The number of classes is compared once, for the whole network.
            let classes = checked.network().classes.as_ref().is_some_and(|classes| classes.value == op.features);
            list.add("features", if classes { "classes".into() } else { op.features.to_string() });
            list.weights(op.weight_init, op.bias_init);
        }
        Op::BatchNorm(op) => {
            list.add("eps", op.eps);
            list.add("momentum", op.momentum);
        }
        Op::LocalResponseNorm(op) => {
            list.add("size", op.size);
            list.add("alpha", op.alpha);
            list.add("beta", op.beta);
            list.add("k", op.k);
        }
        Op::Activation(op) => list.add("function", op.name()),
        Op::MaxPool(op) => list.pool("max", &op.window),
        Op::AvgPool(op) => list.average(op),
        Op::AdaptivePool(op) => list.adaptive(op),
        Op::Concat(_) => list.add("join", "concat"),
        Op::Add(_) => list.add("join", "add"),
        Op::Scale(op) => list.add("factor", op.factor),
        Op::ChannelAffine(op) => {
            list.add("scale", numbers(&op.scale));
            list.add("shift", numbers(&op.shift));
        }
        Op::Dropout(op) => list.add("probability", op.p),
        Op::Flatten(_) => list.add("to a vector by", "flatten"),
        Op::Reshape(op) => list.add("to a vector by", format!("reshape {}", op.features)),
        Op::Softmax(_) => {}
    }
    for variable in checked.variables(index) {
        match variable.name.as_str() {
            "weight" => list.rates("rates of the weights", variable.rates),
            "bias" => list.rates("rates of the bias", variable.rates),
            _ => {}
        }
    }
    list.0
}

struct List(Vec<Attribute>);

impl List {
    fn add(&mut self, name: &'static str, value: impl Display) {
        self.0.push(Attribute { name, value: format!("{value}"), parameter: None });
    }

    fn pool(&mut self, what: &str, window: &Window) {
        self.add("pool", what);
        self.add("window", window.patch());
        self.add("dilation", pair(window.dilation));
        // With stride 1 every window ends at the edge, and there is nothing to round.
        let rounding = match (window.stride, window.ceil) {
            ([1, 1], _) => "",
            (_, true) => ", ceil",
            (_, false) => ", floor",
        };
        self.add("padding and rounding", format!("pad {}{rounding}", sides(window)));
    }

    fn average(&mut self, op: &AvgPool) {
        self.pool("average", &op.window);
        if op.window.padding != [0; 4] {
            self.add("padding in the mean", if op.count_include_pad { "counted" } else { "not counted" });
        }
    }

    fn adaptive(&mut self, op: &AdaptivePool) {
        let [rows, columns] = op.size;
        self.add("pool", if op.pooling == Pooling::Max { "max" } else { "average" });
        self.add("window", if op.size == [1, 1] { "global".into() } else { format!("adaptive {rows}x{columns}") });
    }

    fn rates(&mut self, name: &'static str, rates: Rates) {
        self.add(name, format!("lr={} decay={}", rates.lr, rates.decay));
    }

    fn weights(&mut self, weight: Init, bias: Option<Init>) {
        self.add("bias", if bias.is_some() { "yes" } else { "no" });
        self.add("initial weights", words(weight));
        if let Some(bias) = bias {
            self.add("initial bias", words(bias));
        }
    }
}

/// `3x3`.
fn pair([rows, columns]: [u64; 2]) -> String {
    if rows == columns { rows.to_string() } else { format!("{rows}x{columns}") }
}

/// The padding that a convolution has unless a spec says otherwise.
fn is_half(window: &Window) -> bool {
    let half = |axis: usize| window.dilation[axis].saturating_mul(window.kernel[axis] - 1) / 2;
    window.padding == [half(0), half(0), half(1), half(1)]
}

/// `1`, `0x3` or all four sides.
fn sides(window: &Window) -> String {
    let [top, bottom, left, right] = window.padding;
    if top == bottom && left == right { pair([top, left]) } else { format!("{top}x{bottom}x{left}x{right}") }
}

fn numbers(values: &[f64]) -> String {
    values.iter().map(f64::to_string).collect::<Vec<_>>().join("x")
}

/// A scheme as a spec writes it.
fn words(init: Init) -> String {
    let fan = |fan: Fan| match fan {
        Fan::In => "in",
        Fan::Out => "out",
    };
    match init {
        Init::PyTorch => "pytorch".into(),
        Init::CaffeXavier => "caffe-xavier".into(),
        Init::GlorotUniform => "glorot-uniform".into(),
        Init::GlorotNormal => "glorot-normal".into(),
        Init::HeNormal(of) => format!("he-normal fan={}", fan(of)),
        Init::HeUniform(of) => format!("he-uniform fan={}", fan(of)),
        Init::Normal { mean, std } => format!("normal{} std={std}", mean_of(mean)),
        Init::TruncatedNormal { mean, std, cut } => format!("truncated-normal{} std={std} cut={cut}", mean_of(mean)),
        Init::Constant(value) => value.to_string(),
    }
}

fn mean_of(mean: f64) -> String {
    if mean == 0.0 { String::new() } else { format!(" mean={mean}") }
}
