//! A pool over windows of one value.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject};
use crate::codes;
use crate::ops::Op;

pub(super) const LINT: Lint = Lint {
    code: codes::IDLE_POOL,
    name: "idle-pool",
    level: Level::Warn,
    reason: "the largest of one value, or its mean, is that value: the pool changes nothing",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    for operation in &subject.checked.network().operations {
        // One that takes every second value halves the map, as a shortcut of a residual block may.
        let (Op::MaxPool(_) | Op::AvgPool(_)) = &operation.op else { continue };
        let Some(window) = operation.op.rule().window() else { continue };
        if window.kernel != [1, 1] || window.stride != [1, 1] {
            continue;
        }
        let message = format!("`{}` pools windows of one value, which changes nothing", operation.path);
        let diagnostic = Diagnostic::warning(codes::IDLE_POOL, message).at(operation.span, "1x1/1");
        found.push(diagnostic.help("`avgpool global` makes one value of each map; else take it away"));
    }
}
