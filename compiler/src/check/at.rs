//! Another input size, with the parameters as they are: does a network that has been trained at one size still run?
//!
//! Weights keep their shapes, so what changes are heights, widths, and the lengths of flattened maps; and where a reshape
//! regroups a batch, the number of samples.

use googlenetc_dsl::diagnostic::Diagnostic;
use serde::Serialize;

use super::view::{Places, View};
use super::{CheckedNetwork, blame, samples};
use crate::codes;
use crate::network::Source;
use crate::ops::{Blame, Op, Problem, product};
use crate::shape::{Partial, Shape};

/// Which parts of a network run, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// With all heads; batch normalisation uses the statistics of the batch.
    Training,
    /// Without the heads that only run in training.
    Inference,
}

/// A value: the shape of one sample, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Value {
    /// How many rows the batch has here.
    pub rows: u64,
    /// The shape of each.
    pub shape: Shape,
}

/// What came of running a network at another size.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trial {
    /// The network's input.
    pub input: Value,
    /// What every operation delivers; `None` for those that do not run, and from the one on that refuses.
    pub values: Vec<Option<Value>>,
    /// Why it does not run, if it does not.
    pub refusal: Option<Refusal>,
    /// What somebody should look at.
    pub warnings: Vec<Diagnostic>,
}

/// Why a network does not run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The operation that refuses.
    pub operation: usize,
    /// The path of the layer that it belongs to.
    pub layer: String,
    /// What is wrong, with the arithmetic.
    pub diagnostic: Diagnostic,
}

/// Runs a network, without running it, on `batch` samples of this height and width.
///
/// Agrees with PyTorch on which sizes run, and on every shape.
pub fn at(checked: &CheckedNetwork, size: [u64; 2], batch: u64, mode: Mode) -> Trial {
    let mut run = Run::new(checked, size, batch, mode);
    let refusal = run.all().err().map(|(operation, problem)| {
        let network = checked.network();
        let shapes: Vec<Partial> =
            run.values.iter().map(|value| value.map_or(Partial::Unknown, |value| value.shape.into())).collect();
        let places = Places::new(network);
        let view = View { network, places: &places, input: Partial::from(run.input.shape), shapes: &shapes };
        let diagnostic = blame::diagnostic(&view, operation, problem);
        Refusal { operation, layer: checked.layer_of(operation).to_owned(), diagnostic }
    });
    let warnings = if refusal.is_some() { Vec::new() } else { run.warnings() };
    Trial { input: run.input, values: run.values, refusal, warnings }
}

/// The operation that refuses first, and whether there is one; cheaper than [`at`].
pub(crate) fn refuses(checked: &CheckedNetwork, size: [u64; 2], batch: u64, mode: Mode) -> Option<usize> {
    Run::new(checked, size, batch, mode).all().err().map(|(operation, _)| operation)
}

impl Trial {
    /// A value, if it is made.
    pub fn value(&self, source: Source) -> Option<Value> {
        value(source, self.input, &self.values)
    }
}

fn value(source: Source, input: Value, values: &[Option<Value>]) -> Option<Value> {
    match source {
        Source::Input => Some(input),
        Source::Operation(index) => values.get(index).copied().flatten(),
        Source::Unknown => None,
    }
}

impl CheckedNetwork {
    /// The path of the layer that an operation belongs to, or of the group whose branches it joins.
    pub fn layer_of(&self, operation: usize) -> &str {
        let holds = |group: &&crate::network::Group| group.operations.contains(&operation);
        let mut groups = self.network().groups().into_iter().filter(holds);
        // Children come after their parents, so the last is the innermost.
        groups.next_back().map_or("", |group| &group.path)
    }
}

struct Run<'a> {
    checked: &'a CheckedNetwork,
    mode: Mode,
    input: Value,
    values: Vec<Option<Value>>,
}

impl<'a> Run<'a> {
    fn new(checked: &'a CheckedNetwork, [height, width]: [u64; 2], batch: u64, mode: Mode) -> Self {
        let shape = Shape::Map { channels: checked.input().channels(), height, width };
        Self { checked, mode, input: Value { rows: batch, shape }, values: Vec::new() }
    }

    fn all(&mut self) -> Result<(), (usize, Problem)> {
        let count = self.checked.network().operations.len();
        self.values = vec![None; count];
        for index in 0..count {
            if self.checked.network().operations[index].phase.runs(self.mode == Mode::Training) {
                self.values[index] = self.step(index).map_err(|problem| (index, problem))?;
            }
        }
        Ok(())
    }

    /// What an operation delivers; `None` when what it reads is not there.
    fn step(&self, index: usize) -> Result<Option<Value>, Problem> {
        let operation = &self.checked.network().operations[index];
        let Some(inputs) = operation.inputs.iter().map(|source| self.value(*source)).collect::<Option<Vec<Value>>>()
        else {
            return Ok(None);
        };
        let Some(first) = inputs.first().copied() else { return Ok(None) };
        let shapes: Vec<Partial> = inputs.iter().map(|value| Partial::from(value.shape)).collect();
        let output = operation.op.rule().output(&shapes)?;
        self.check_weights(index, first.shape)?;
        check_statistics(&operation.op, first, self.mode)?;
        let rows: Vec<u64> = inputs.iter().map(|value| value.rows).collect();
        if let Some(problem) = samples::apart(&operation.op, &rows, |rows| format!("{rows} samples")) {
            return Err(problem);
        }
        let Some(shape) = output.known() else { return Ok(None) };
        let rows = regrouped(&operation.op, first)?;
        product(shape.sizes().into_iter().chain([rows])).ok_or_else(too_large)?;
        Ok(Some(Value { rows, shape }))
    }

    /// Weights are as long as what came in when they were derived.
    fn check_weights(&self, index: usize, input: Shape) -> Result<(), Problem> {
        let operation = &self.checked.network().operations[index];
        let Some(source) = operation.inputs.first() else { return Ok(()) };
        let declared = self.checked.shape(*source);
        if declared.channels() == input.channels()
            || operation.op.rule().variables(input) == self.checked.variables(index)
        {
            return Ok(());
        }
        let problem = Problem::new(
            codes::CHANNEL_COUNT,
            format!(
                "`{}` has weights for {} features, but gets {}",
                operation.path,
                declared.channels(),
                input.channels()
            ),
            Blame::Layer,
            format!("gets {} features instead of {}", input.channels(), declared.channels()),
        );
        Err(match self.flattened(*source) {
            Some(map) => problem.note(format!("a map of {map} is flattened: {} values", map.elements())),
            None => problem,
        })
    }

    /// The map that a vector was made of, if it was.
    fn flattened(&self, source: Source) -> Option<Shape> {
        let mut source = source;
        loop {
            let Source::Operation(index) = source else { return None };
            let from = *self.checked.network().operations[index].inputs.first()?;
            match self.value(from)?.shape {
                map @ Shape::Map { .. } => return Some(map),
                Shape::Vector(_) => source = from,
            }
        }
    }

    fn value(&self, source: Source) -> Option<Value> {
        value(source, self.input, &self.values)
    }

    fn warnings(&self) -> Vec<Diagnostic> {
        let network = self.checked.network();
        let mut warnings = Vec::new();
        for (index, operation) in network.operations.iter().enumerate() {
            let Some(from) = operation.inputs.first().and_then(|source| self.value(*source)) else { continue };
            let Some(to) = self.values[index].filter(|to| to.rows != from.rows) else { continue };
            let note = format!("{} samples become {} rows", from.rows, to.rows);
            warnings.push(samples::mixing(network, index, from.shape).note(note));
        }
        warnings
    }
}

/// PyTorch refuses to take the statistics of a single value.
fn check_statistics(op: &Op, input: Value, mode: Mode) -> Result<(), Problem> {
    let values = match input.shape {
        Shape::Map { height, width, .. } => input.rows.saturating_mul(height).saturating_mul(width),
        Shape::Vector(_) => input.rows,
    };
    if mode == Mode::Inference || values != 1 || !matches!(op, Op::BatchNorm(_)) {
        return Ok(());
    }
    Err(Problem::new(
        codes::SAMPLES,
        "batch normalisation needs more than one value per channel in training".into(),
        Blame::Layer,
        format!("gets {} from a batch of one", input.shape),
    )
    .help("train with larger batches, or larger inputs"))
}

/// How many rows come out.
fn regrouped(op: &Op, input: Value) -> Result<u64, Problem> {
    let (values, length) = op.rule().rows(input.shape);
    if values == length {
        return Ok(input.rows);
    }
    let all = product([values, input.rows]).ok_or_else(too_large)?;
    if all % length == 0 {
        return Ok(all / length);
    }
    Err(Problem::new(
        codes::SAMPLES,
        format!("a batch of {all} values cannot be cut into vectors of {length}"),
        Blame::Layer,
        format!("leaves {} values over", all % length),
    )
    .note(format!("{} samples of {} are {} * {values} = {all} values", input.rows, input.shape, input.rows)))
}

fn too_large() -> Problem {
    Problem::new(
        codes::TOO_LARGE,
        "a batch has more values than can be counted".into(),
        Blame::Layer,
        "beyond 64 bits here".into(),
    )
}
