//! Whether samples of a batch stay apart: all operations keep them so, but for reshapes, which can make more or fewer vectors
//! out of a batch than it has samples.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::view::{Places, View};
use super::{blame, shape_of};
use crate::codes;
use crate::fraction::{Fraction, product};
use crate::network::{Network, Source};
use crate::ops::{Blame, Op, Problem, odd_ones};
use crate::shape::{Partial, Shape};

/// Follows the rows of the batch at the declared input; values with different numbers of them cannot be joined.
pub(super) fn check(network: &Network, places: &Places<'_>, shapes: &[Partial], found: &mut Vec<Diagnostic>) {
    // Only a reshape changes anything.
    if !network.operations.iter().any(|operation| matches!(operation.op, Op::Reshape(_))) {
        return;
    }
    let input = super::input_shape(network);
    // How many rows a value has for each row of the input's batch.
    let mut fractions: Vec<Option<Fraction>> = Vec::with_capacity(shapes.len());
    for (index, operation) in network.operations.iter().enumerate() {
        let known: Vec<Option<Fraction>> =
            operation.inputs.iter().map(|source| share_of(*source, &fractions)).collect();
        let first = operation.inputs.first().and_then(|source| shape_of(*source, input, shapes).known());
        let (Some(known), Some(first)) = (known.into_iter().collect::<Option<Vec<Fraction>>>(), first) else {
            fractions.push(None);
            continue;
        };
        if let Some(problem) = apart(&operation.op, &known, words) {
            found.push(blame::diagnostic(&View { network, places, input, shapes }, index, problem));
            fractions.push(None);
            continue;
        }
        let (rows, samples) = operation.op.rule().rows(first);
        fractions.push(known.first().and_then(|share| product(*share, (rows, samples))));
    }
}

fn share_of(source: Source, shares: &[Option<Fraction>]) -> Option<Fraction> {
    match source {
        Source::Input => Some((1, 1)),
        Source::Operation(index) => shares.get(index).copied().flatten(),
        Source::Unknown => None,
    }
}

fn words(share: Fraction) -> String {
    match share {
        (1, 1) => "the whole batch".into(),
        (rows, 1) => format!("{rows} times the batch"),
        (rows, samples) => format!("{rows}/{samples} of the batch"),
    }
}

/// The problem that branches which are to be joined differ in how many rows they have.
pub(super) fn apart<T: PartialEq + Copy>(op: &Op, rows: &[T], words: impl Fn(T) -> String) -> Option<Problem> {
    let first = rows.first()?;
    rows.iter().find(|other| *other != first)?;
    let words: Vec<String> = rows.iter().map(|rows| words(*rows)).collect();
    let odd = odd_ones(&words);
    let blame = Blame::inputs(words, odd);
    let message = format!("the branches of the {} differ in the number of samples", op.name());
    Some(Problem::new(codes::SAMPLES, message, blame, String::new()))
}

/// The warning that a reshape, which gets samples of the shape `input`, mixes them.
pub(crate) fn mixing(network: &Network, index: usize, input: Shape) -> Diagnostic {
    let operation = &network.operations[index];
    let (values, length) = operation.op.rule().rows(input);
    Diagnostic::warning(
        codes::SAMPLE_MIXING,
        format!("`{}` mixes the samples of a batch: each holds {values} values, each vector {length}", operation.path),
    )
    .at(operation.span, format!("{input} is {values} values, not {length}"))
    .help("`flatten` keeps samples apart, and refuses what does not fit")
}
