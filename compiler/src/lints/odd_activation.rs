//! An activation that stands between a pool and a convolution, on a value that others read without it.
//!
//! Behind a pool of its own, `conv, maxpool, relu` is `conv, relu, maxpool` at less cost, and nothing is odd. But where the value before the
//! pool goes elsewhere as well, one branch alone sees it rectified.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::idle_activation::{input_range, is_idle, place};
use super::{Found, Level, Lint, Subject};
use crate::analysis::range::ranges;
use crate::analysis::readers::readers;
use crate::codes;
use crate::network::{Network, Operation, Source};
use crate::ops::{Family, Op};

pub(super) const LINT: Lint = Lint {
    code: codes::ODD_ACTIVATION,
    name: "odd-activation",
    level: Level::Warn,
    reason: "an activation behind a pool, on a value that others read without it, is most often one that was forgotten before",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let (ranges, readers) = (ranges(network), readers(network));
    for (index, operation) in network.operations.iter().enumerate() {
        let Op::Activation(activation) = operation.op else { continue };
        let is_weights = |reader: &usize| matches!(network.operations[*reader].op, Op::Convolution(_) | Op::Linear(_));
        if is_idle(activation, input_range(operation, &ranges)) || !readers[index].iter().any(is_weights) {
            continue;
        }
        let Some((pool, shared)) = behind_a_branch(network, operation, &readers) else { continue };
        let name = activation.name();
        let mut diagnostic = Diagnostic::warning(
            codes::ODD_ACTIVATION,
            format!("`{name}` at `{}` stands between a pool and a convolution", operation.path),
        )
        .at(place(operation), "the value before the pool is read elsewhere without it")
        .see(network.operations[pool].span, "the pool");
        if let Source::Operation(shared) = shared {
            let shared = &network.operations[shared];
            if shared.span != network.operations[pool].span {
                diagnostic = diagnostic.see(shared.span, "what others read as it is");
            }
        }
        found.push(diagnostic.help(format!(
            "a `{name}` where that value is made serves all who read it; keep this one where weights are to fit that were trained with it"
        )));
    }
}

/// The pool right before an operation, and the value that goes through it and perhaps further pools alone, but also elsewhere.
fn behind_a_branch(network: &Network, operation: &Operation, readers: &[Vec<usize>]) -> Option<(usize, Source)> {
    let Some(&Source::Operation(pool)) = operation.inputs.first() else { return None };
    let mut last = pool;
    loop {
        let operation = &network.operations[last];
        if !is_pool(&operation.op) || readers[last].len() != 1 {
            return None;
        }
        match *operation.inputs.first()? {
            Source::Operation(before) if is_pool(&network.operations[before].op) && readers[before].len() == 1 => {
                last = before;
            }
            Source::Operation(before) => {
                return (readers[before].len() > 1).then_some((pool, Source::Operation(before)));
            }
            Source::Input | Source::Unknown => return None,
        }
    }
}

fn is_pool(op: &Op) -> bool {
    op.rule().family() == Family::Pool
}
