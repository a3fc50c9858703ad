//! A reshape that can mix the samples of a batch.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Level, Lint, Subject};
use crate::check::samples;
use crate::codes;

pub(super) const LINT: Lint = Lint {
    code: codes::SAMPLE_MIXING,
    name: "sample-mixing",
    level: Level::Warn,
    reason: "a vector made of values of several samples trains and predicts nonsense, without an error",
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let network = subject.checked.network();
    let operations = network.operations.iter().enumerate();
    let mixing = operations.filter_map(|(index, operation)| {
        let input = subject.checked.shape(*operation.inputs.first()?);
        let (values, length) = operation.op.rule().rows(input);
        (values != length).then(|| samples::mixing(network, index, input))
    });
    mixing.collect()
}
