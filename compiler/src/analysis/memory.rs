//! How much memory the values of a forward pass take, and when the most of them are there at once.
//!
//! The manual's page on reports defines every word of it. Values live from the step that makes them to the last step that
//! reads them; in training, what the backward pass will read lives on. Nothing is assumed to be done in place.

use serde::Serialize;

use crate::CheckedNetwork;
use crate::fraction;
use crate::network::Source;
use crate::ops::Saved;

/// What a number of the network is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// IEEE 754 with 64 bits.
    F64,
    /// IEEE 754 with 32 bits, what networks are usually trained in.
    #[default]
    F32,
    /// IEEE 754 with 16 bits.
    F16,
    /// The upper half of 32 bits.
    Bf16,
}

impl Element {
    /// Bytes of one number.
    pub fn bytes(self) -> u64 {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }

    /// `f32`.
    pub fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
        }
    }
}

/// What memory depends on beside the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Samples that run at once.
    pub batch: u64,
    /// What numbers are stored as.
    #[serde(rename = "dtype")]
    pub element: Element,
}

impl Default for Setting {
    fn default() -> Self {
        Self { batch: 1, element: Element::F32 }
    }
}

/// The memory of one pass, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What each operation makes; 0 for views and for what does not run.
    pub(crate) made: Vec<u64>,
    /// The most that is there at once.
    pub(crate) peak: u64,
    /// The operation during which that is, the first if there are several.
    pub(crate) peak_at: Option<usize>,
}

/// The end of the pass, as a step.
const END: usize = usize::MAX;

/// The memory of a pass in training (all heads), or at inference (without those that run only in training).
pub(crate) fn memory(checked: &CheckedNetwork, setting: Setting, training: bool) -> Memory {
    let mut pass = Pass::new(checked, setting, training);
    let network = checked.network();
    for index in 0..network.operations.len() {
        pass.step(index);
    }
    pass.need(network.output(), END);
    for head in &network.heads {
        if head.phase.runs(training) {
            pass.need(head.layers.output, END);
        }
    }
    pass.peak()
}

/// A value's memory. The first is the network's input, the others are the operations' outputs.
struct Value {
    /// The value whose memory it is: itself, unless it is a view.
    root: usize,
    /// Bytes of its own.
    bytes: u64,
    /// The last step that needs it.
    last: usize,
    /// Whether training needs the gradient of it.
    has_gradient: bool,
    /// How many rows the batch has there for one row of the input, as a fraction.
    rows: (u64, u64),
}

struct Pass<'a> {
    checked: &'a CheckedNetwork,
    setting: Setting,
    training: bool,
    values: Vec<Value>,
    /// Bytes that each operation keeps for the backward pass beside its values.
    kept: Vec<u64>,
}

impl<'a> Pass<'a> {
    fn new(checked: &'a CheckedNetwork, setting: Setting, training: bool) -> Self {
        let mut pass = Self { checked, setting, training, values: Vec::new(), kept: Vec::new() };
        let bytes = pass.bytes(checked.input().elements(), (1, 1), setting.element.bytes());
        pass.values.push(Value { root: 0, bytes, last: 0, has_gradient: false, rows: (1, 1) });
        pass
    }

    fn step(&mut self, index: usize) {
        let operation = &self.checked.network().operations[index];
        let rule = operation.op.rule();
        let runs = operation.phase.runs(self.training);
        let first = operation.inputs.first().copied().unwrap_or(Source::Input);
        let (input, output) = (self.checked.shape(first), self.checked.shape(Source::Operation(index)));
        let is_view = rule.is_view(self.training);
        // The most that can be counted, if it is more.
        let rows = fraction::product(self.values[position(first)].rows, rule.rows(input)).unwrap_or((u64::MAX, 1));
        let has_gradient = self.checked.parameters(index) > 0
            || operation.inputs.iter().any(|source| self.values[position(*source)].has_gradient);
        let bytes =
            if runs && !is_view { self.bytes(output.elements(), rows, self.setting.element.bytes()) } else { 0 };
        let root = if is_view { self.values[position(first)].root } else { index + 1 };
        self.values.push(Value { root, bytes, last: index, has_gradient, rows });
        let keeps = runs && self.training && has_gradient;
        let saved = rule.saved(input, output);
        self.kept.push(if keeps { self.kept_beside(saved, rows) } else { 0 });
        if runs {
            for source in &operation.inputs {
                self.need(*source, if keeps && saved.input { END } else { index });
            }
            self.need(Source::Operation(index), if keeps && saved.output { END } else { index });
        }
    }

    fn kept_beside(&self, saved: Saved, rows: (u64, u64)) -> u64 {
        let numbers = self.bytes(saved.numbers, rows, self.setting.element.bytes());
        numbers.saturating_add(self.bytes(saved.bytes, rows, 1))
    }

    /// Says that a value is still needed at a step.
    fn need(&mut self, source: Source, step: usize) {
        let root = self.values[position(source)].root;
        self.values[root].last = self.values[root].last.max(step);
    }

    /// Bytes of `elements` numbers for each row of the batch.
    fn bytes(&self, elements: u64, (numerator, denominator): (u64, u64), size: u64) -> u64 {
        let factors = [elements, self.setting.batch, numerator, size];
        let product = factors.into_iter().fold(1_u128, |product, factor| product.saturating_mul(factor.into()));
        u64::try_from(product.div_ceil(u128::from(denominator.max(1)))).unwrap_or(u64::MAX)
    }

    /// Goes through the steps, with what is there at each.
    fn peak(self) -> Memory {
        let mut ends: Vec<u64> = vec![0; self.kept.len() + 1];
        for value in &self.values {
            if let Some(freed) = ends.get_mut(value.last) {
                *freed = freed.saturating_add(value.bytes);
            }
        }
        let input = self.values.first().map_or(0, |input| input.bytes);
        let made: Vec<u64> = self.values.iter().skip(1).map(|value| value.bytes).collect();
        let (mut there, mut peak, mut peak_at) = (input, input, None);
        for (index, (made, kept)) in made.iter().zip(&self.kept).enumerate() {
            there = there.saturating_add(*made).saturating_add(*kept);
            if there > peak || peak_at.is_none() {
                (peak, peak_at) = (there, Some(index));
            }
            there = there.saturating_sub(ends[index]);
        }
        Memory { made, peak, peak_at }
    }
}

/// Where a value stands among the pass's.
fn position(source: Source) -> usize {
    match source {
        Source::Operation(index) => index + 1,
        Source::Input | Source::Unknown => 0,
    }
}
