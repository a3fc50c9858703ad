//! What generated code implements, and how one looks inside a network while it runs.

use std::fmt::Debug;
use std::num::NonZeroU32;
use tch::Tensor;
use tch::nn::Path;

/// A generated network.
pub trait Network: Debug + Sized {
    /// The logits of its heads.
    type Output: Heads;

    /// The name in the spec.
    const NAME: &'static str;
    /// Identifies the spec that the code was generated from, in hexadecimal.
    const SPEC_HASH: &'static str;
    /// Channels, height and width of the input that the spec declares.
    const INPUT: [i64; 3];
    /// The number of classes.
    const CLASSES: i64;
    /// The heads, in the order of [`Heads::logits`]. The first one predicts and runs in every phase.
    const HEADS: &'static [Head];
    /// What the code was generated from: names and texts of the spec, of its libraries, and of the settings that won over them (`set.txt`). Empty
    /// if it was not.
    const SPEC: &'static [(&'static str, &'static str)] = &[];
    /// How fast variables learn: the first for those of which the spec says nothing, then one for each way in which it
    /// makes others differ. Layers name theirs by place.
    const RATES: &'static [Rates] = &[Rates { lr: 1.0, decay: 1.0 }];

    /// Registers all variables under `p`, with their initial values.
    fn new(p: &Path<'_>) -> Self;

    /// Runs the network on `x` `[n, channels, height, width]`; `probe` sees every named output.
    fn forward(&self, x: &Tensor, mode: Mode, probe: &Probe<'_>) -> Self::Output;
}

/// How a network runs: what differs between training and inference, one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The training graph: heads that run in training only do run.
    pub training: bool,
    /// Dropout drops values; otherwise it hands on what it is given.
    pub dropout: bool,
    /// What batch normalisation normalises with.
    pub batch_statistics: Statistics,
}

/// What batch normalisation normalises with, and what becomes of its running statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// The running ones, which stay as they are.
    Running,
    /// Those of the batch, which the running ones follow.
    Batch,
    /// As [`Self::Batch`], but as [`Self::Running`] where weight and bias are frozen.
    BatchUnlessFrozen,
    /// Those of the batch, which is the n-th, from 1, of those whose mean the running ones become.
    Mean(NonZeroU32),
}

impl Mode {
    /// As one trains.
    pub const TRAINING: Self = Self { training: true, dropout: true, batch_statistics: Statistics::Batch };
    /// As one predicts.
    pub const INFERENCE: Self = Self { training: false, dropout: false, batch_statistics: Statistics::Running };
    /// The training graph with nothing that is drawn and nothing that moves, so that two runs give the same.
    pub const COMPARISON: Self = Self { training: true, dropout: false, batch_statistics: Statistics::Running };
}

/// The outputs of a network, one per head.
pub trait Heads {
    /// The logits `[n, classes]` in the order of [`Network::HEADS`]; none for a head that does not run in this phase.
    fn logits(&self) -> Vec<Option<&Tensor>>;
}

/// A head as the spec declares it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// The name in the spec.
    pub name: &'static str,
    /// The weight of its loss in training.
    pub weight: f64,
    /// When it runs.
    pub phase: Phase,
}

/// When a head runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// In training and inference.
    Always,
    /// In training only.
    Training,
}

/// What the optimizer's rates are multiplied by for some variables; Caffe's `lr_mult` and `decay_mult`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Factor of the learning rate.
    pub lr: f64,
    /// Factor of the weight decay.
    pub decay: f64,
}

/// Called with the path and the value of a named output.
pub type Observer<'a> = &'a dyn Fn(&str, &Tensor);

/// Shows every named output to an observer, or to nobody.
///
/// The scopes form a list along the call stack, so a silent probe costs nothing: paths are put together only when
/// somebody listens.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    observer: Option<Observer<'a>>,
    parent: Option<&'a Probe<'a>>,
    name: Name<'a>,
}

/// The name of a scope.
#[derive(Clone, Copy)]
enum Name<'a> {
    Word(&'a str),
    Number(usize),
}

impl<'a> Probe<'a> {
    /// Nobody listens.
    pub fn silent() -> Self {
        Self { observer: None, parent: None, name: Name::Word("") }
    }

    /// Calls `observer` for every named output, in execution order.
    pub fn new(observer: Observer<'a>) -> Self {
        Self { observer: Some(observer), parent: None, name: Name::Word("") }
    }

    /// Whether nobody listens.
    pub fn is_silent(&self) -> bool {
        self.observer.is_none()
    }

    /// The probe for what is inside `name`.
    pub fn enter<'b>(&'b self, name: &'b str) -> Probe<'b> {
        Probe { observer: self.observer, parent: Some(self), name: Name::Word(name) }
    }

    /// The probe for what is inside copy `index`, counted from 0, of something that is repeated.
    pub fn nth(&self, index: usize) -> Probe<'_> {
        Probe { observer: self.observer, parent: Some(self), name: Name::Number(index) }
    }

    /// Reports `value` as the output of `name` in this scope, and gives it back.
    pub fn see(&self, name: &str, value: Tensor) -> Tensor {
        self.enter(name).output(value)
    }

    /// Reports `value` as the output of this scope itself, and gives it back.
    pub fn output(&self, value: Tensor) -> Tensor {
        if let Some(observer) = self.observer {
            observer(&self.path(), &value);
        }
        value
    }

    /// The names from the root, which has none, joined by full stops.
    fn path(&self) -> String {
        let Some(scope) = self.parent.map(Probe::path) else { return String::new() };
        let name = match self.name {
            Name::Word(word) => word.to_owned(),
            Name::Number(number) => number.to_string(),
        };
        if scope.is_empty() { name } else { format!("{scope}.{name}") }
    }
}
