//! A reshape that can mix the samples of a batch.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject, written};
use crate::check::samples;
use crate::codes;
use crate::network::{Network, Source};
use crate::ops::Op;

pub(super) const LINT: Lint = Lint {
    code: codes::SAMPLE_MIXING,
    name: "sample-mixing",
    level: Level::Warn,
    reason: "a vector made of values of several samples trains and predicts nonsense, without an error",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let operations = network.operations.iter().enumerate();
    let mixing = operations.filter_map(|(index, operation)| {
        let source = *operation.inputs.first()?;
        let input = subject.checked.shape(source);
        let (values, length) = operation.op.rule().rows(input);
        if values != length {
            return Some(samples::mixing(network, index, input));
        }
        let is_reshape = matches!(operation.op, Op::Reshape(_));
        (is_reshape && follows_the_input(network, source)).then(|| elsewhere(subject, index, values))
    });
    found.extend(mixing);
}

/// Whether a value has another size where the network's input has another height or width.
fn follows_the_input(network: &Network, source: Source) -> bool {
    let mut open = vec![source];
    let mut is_known = vec![false; network.operations.len()];
    while let Some(source) = open.pop() {
        let Source::Operation(index) = source else { return true };
        if std::mem::replace(&mut is_known[index], true) {
            continue;
        }
        let operation = &network.operations[index];
        if !matches!(operation.op, Op::AdaptivePool(_) | Op::Linear(_) | Op::Reshape(_)) {
            open.extend(&operation.inputs);
        }
    }
    false
}

/// The warning that a reshape can mix samples at other sizes of the input.
fn elsewhere(subject: &Subject<'_>, index: usize, values: u64) -> Diagnostic {
    let operation = &subject.checked.network().operations[index];
    let input = subject.checked.input();
    let diagnostic = Diagnostic::warning(
        codes::SAMPLE_MIXING,
        format!("`{}` can mix the samples of a batch where the input is not {input}", operation.path),
    )
    .at(operation.span, format!("vectors of {values} values, however many a sample has"))
    .help("`flatten` makes one vector of each sample, and what follows refuses another length");
    let is_plain = written::text(subject.sources, operation.span).is_some_and(|text| !text.contains("->"));
    if is_plain { diagnostic.suggest("keep samples apart", operation.span, "flatten") } else { diagnostic }
}
