//! What generated code implements, and how one looks inside a network while it runs.

use std::fmt::Debug;
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

    /// Registers all variables under `p`, with their initial values.
    fn new(p: &Path<'_>) -> Self;

    /// Runs the network on `x` `[n, channels, height, width]`; `probe` sees every named output.
    fn forward(&self, x: &Tensor, train: bool, probe: &Probe<'_>) -> Self::Output;
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
    name: &'a str,
}

impl<'a> Probe<'a> {
    /// Nobody listens.
    pub fn silent() -> Self {
        Self { observer: None, parent: None, name: "" }
    }

    /// Calls `observer` for every named output, in execution order.
    pub fn new(observer: Observer<'a>) -> Self {
        Self { observer: Some(observer), parent: None, name: "" }
    }

    /// The probe for what is inside `name`.
    pub fn enter<'b>(&'b self, name: &'b str) -> Probe<'b> {
        Probe { observer: self.observer, parent: Some(self), name }
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
        match self.parent.map(Probe::path) {
            None => String::new(),
            Some(scope) if scope.is_empty() => self.name.to_owned(),
            Some(scope) => format!("{scope}.{}", self.name),
        }
    }
}
