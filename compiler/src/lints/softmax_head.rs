//! A head that ends in softmax.

use googlenetc_dsl::diagnostic::{Diagnostic, Suggestion};

use super::{Found, Level, Lint, Subject, written};
use crate::codes;
use crate::network::{Network, Source};
use crate::ops::{Family, Op};

pub(super) const LINT: Lint = Lint {
    code: codes::SOFTMAX_HEAD,
    name: "softmax-head",
    level: Level::Warn,
    reason: "the loss takes logits and applies softmax itself, and a softmax of a softmax has gradients that are nearly 0",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    for head in &network.heads {
        let Some(softmax) = softmax(network, head.layers.output) else { continue };
        let span = network.operations[softmax].span;
        let diagnostic =
            Diagnostic::warning(codes::SOFTMAX_HEAD, format!("the head `{}` ends in softmax", head.name.value))
                .at(span, "the loss applies softmax once more")
                .see(head.name.span, "this head")
                .help("a head delivers logits: the loss and the predictions make probabilities of them");
        found.push(match written::without_layer(subject.sources, span) {
            Some(edit) => {
                let message = "take the softmax away".into();
                diagnostic.suggest_all(Suggestion { message, edits: vec![edit], is_safe: false })
            }
            None => diagnostic,
        });
    }
}

/// The softmax that delivers a value, behind what only changes its form.
fn softmax(network: &Network, value: Source) -> Option<usize> {
    let mut value = value;
    loop {
        let Source::Operation(index) = value else { return None };
        let operation = &network.operations[index];
        if matches!(operation.op, Op::Softmax(_)) {
            return Some(index);
        }
        if operation.op.rule().family() != Family::Form {
            return None;
        }
        value = *operation.inputs.first()?;
    }
}
