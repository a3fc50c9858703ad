//! An activation that cannot change anything.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{Diagnostic, Suggestion};
use googlenetc_dsl::source::Span;

use super::{Found, Level, Lint, Subject, written};
use crate::analysis::range::{self, Range};
use crate::check::blame;
use crate::codes;
use crate::network::{Network, Operation, Source};
use crate::ops::{Activation, Op};

pub(super) const LINT: Lint = Lint {
    code: codes::IDLE_ACTIVATION,
    name: "idle-activation",
    level: Level::Warn,
    reason: "an activation that hands on just what it gets costs time and memory, and often stands where another was meant",
    find,
};

/// How far the search for what bounds a value goes, and how many places it names.
const FAR: usize = 64;
const MOST_CAUSES: usize = 4;

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let ranges = range::ranges(network);
    let mut lines: BTreeMap<Span, Line> = BTreeMap::new();
    for (index, operation) in network.operations.iter().enumerate() {
        let Op::Activation(activation) = operation.op else { continue };
        let line = lines.entry(place(operation)).or_default();
        if is_idle(activation, input_range(operation, &ranges)) {
            line.idle.push(index);
        } else {
            line.busy.push(index);
        }
    }
    found.extend(lines.values().filter_map(|line| message(subject, line, &ranges)));
}

/// The activations of one written line.
#[derive(Default)]
struct Line {
    idle: Vec<usize>,
    busy: Vec<usize>,
}

fn message(subject: &Subject<'_>, line: &Line, ranges: &[Range]) -> Option<Diagnostic> {
    let network = subject.checked.network();
    // A block's line that is idle here and there only has to stay.
    let first = *line.idle.first().filter(|_| line.idle.len() > line.busy.len())?;
    let operation = &network.operations[first];
    let Op::Activation(activation) = operation.op else { return None };
    let (name, place) = (activation.name(), place(operation));
    let mut diagnostic =
        Diagnostic::warning(codes::IDLE_ACTIVATION, format!("`{name}` at `{}` cannot change anything", operation.path))
            .at(place, format!("all values that it reads are {}", bounds(activation)));
    for cause in causes(network, operation, ranges) {
        let cause = &network.operations[cause];
        if self::place(cause) != place {
            diagnostic = diagnostic.see(self::place(cause), format!("these values are {}", bounds(activation)));
        }
    }
    if line.idle.len() > 1 {
        diagnostic = diagnostic.note(blame::elsewhere(line.idle.len() - 1));
    }
    if let Some(busy) = line.busy.first() {
        let busy = &network.operations[*busy].path;
        return Some(diagnostic.help(format!(
            "it does change something at `{busy}`: put an activation where that value is made, and take this one away"
        )));
    }
    if written::own_value(operation, "activation").is_some() || operation.span != place {
        return Some(diagnostic.help("say `activation=none`, or put the activation where it has an effect"));
    }
    let diagnostic = diagnostic.help(
        "taking it away changes nothing but the positions of what follows it in a list without names, and with them the keys of \
         saved weights",
    );
    Some(match written::without_layer(subject.sources, operation.span) {
        Some(edit) => {
            let message = format!("take the `{name}` away");
            diagnostic.suggest_all(Suggestion { message, edits: vec![edit], is_safe: false })
        }
        None => diagnostic,
    })
}

/// Where an activation is written: the word, where it is an attribute of a layer.
pub(super) fn place(operation: &Operation) -> Span {
    written::own_value(operation, "activation").unwrap_or(operation.span)
}

/// Whether an activation hands on all values of a range as they are.
pub(super) fn is_idle(activation: Activation, input: Range) -> bool {
    match activation {
        Activation::Relu | Activation::LeakyRelu { .. } | Activation::Elu => input.low >= 0.0,
        Activation::Relu6 => input.low >= 0.0 && input.high <= 6.0,
        Activation::Gelu | Activation::Silu | Activation::Hardswish | Activation::Sigmoid | Activation::Tanh => false,
    }
}

/// The bounds of what an operation reads.
pub(super) fn input_range(operation: &Operation, ranges: &[Range]) -> Range {
    operation.inputs.first().map_or(Range::ANY, |source| range::of(*source, ranges))
}

fn bounds(activation: Activation) -> &'static str {
    if activation == Activation::Relu6 { "between 0 and 6" } else { "at least 0" }
}

/// The operations that put the bounds on what an activation reads, as far as they are near.
fn causes(network: &Network, operation: &Operation, ranges: &[Range]) -> Vec<usize> {
    let mut queue: Vec<Source> = operation.inputs.clone();
    let mut causes: Vec<usize> = Vec::new();
    let mut next = 0;
    while let Some(source) = queue.get(next).copied().filter(|_| next < FAR && causes.len() < MOST_CAUSES) {
        next += 1;
        let Source::Operation(index) = source else { continue };
        let operation = &network.operations[index];
        let is_source = matches!(operation.op, Op::Activation(_) | Op::Softmax(_));
        if !is_source || is_inherited(operation, ranges) {
            queue.extend(&operation.inputs);
        } else if !causes.iter().any(|cause| place(&network.operations[*cause]) == place(operation)) {
            causes.push(index);
        }
    }
    causes
}

/// Whether an operation's input was bounded as much already.
fn is_inherited(operation: &Operation, ranges: &[Range]) -> bool {
    matches!(operation.op, Op::Activation(activation) if is_idle(activation, input_range(operation, ranges)))
}
