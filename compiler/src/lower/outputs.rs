//! In which order the outputs of heads come.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;

use super::Lowerer;
use crate::codes;
use crate::network::{Head, Phase};

/// The order of the outputs, as indices of heads: as the spec says, or as declared.
pub(super) fn outputs(lowerer: &mut Lowerer<'_>, heads: &[Head]) -> Vec<usize> {
    let order = match &lowerer.spec.outputs {
        None => (0..heads.len()).collect(),
        Some(outputs) => said(lowerer, outputs, heads),
    };
    if let Some(first) = order.first().map(|index| &heads[*index])
        && first.phase == Phase::Training
    {
        let message = format!("the first output, `{}`, does not run at inference", first.name.value);
        lowerer.report(
            Diagnostic::error(codes::HEADS, message)
                .at(first.name.span, "runs only in training")
                .help("the first output is the one that predicts: name another one first in `outputs`"),
        );
    }
    order
}

/// The order that a spec says, which must name every head once.
fn said(lowerer: &mut Lowerer<'_>, outputs: &Spanned<Vec<Spanned<String>>>, heads: &[Head]) -> Vec<usize> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, head) in heads.iter().enumerate() {
        first.entry(&head.name.value).or_insert(index);
    }
    let mut order: Vec<usize> = Vec::new();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for output in &outputs.value {
        match first.get(output.value.as_str()).copied() {
            None => lowerer.report(
                Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no head `{}`", output.value))
                    .at(output.span, "unknown head")
                    .did_you_mean(&output.value, output.span, heads.iter().map(|head| head.name.value.as_str())),
            ),
            Some(_) if !said.insert(&output.value) => lowerer.report(
                Diagnostic::error(codes::HEADS, format!("`{}` stands twice in `outputs`", output.value))
                    .at(output.span, "again"),
            ),
            Some(index) => order.push(index),
        }
    }
    // Of two heads with one name, which has been reported, the second cannot be named.
    for head in heads.iter().filter(|head| !said.contains(head.name.value.as_str())) {
        let message = format!("`outputs` leaves out the head `{}`", head.name.value);
        lowerer.report(
            Diagnostic::error(codes::HEADS, message)
                .at(outputs.span, "every head must be named once")
                .see(head.name.span, "declared here"),
        );
    }
    order
}
