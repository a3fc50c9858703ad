//! A pool that loses a pixel against the published table.

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};

use super::{Found, Level, Lint, Subject, written};
use crate::against::lost::{Lost, lost};
use crate::codes;

pub(super) const LINT: Lint = Lint {
    code: codes::FLOOR_POOL,
    name: "floor-pool",
    level: Level::Warn,
    reason: "Caffe, in which many published networks were made, rounds the number of a pool's windows up, and PyTorch down: every \
             map after such a pool is smaller than published",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let Some(published) = subject.published else { return };
    found.extend(lost(subject.checked, &published.table).iter().map(|lost| message(subject, lost)));
}

fn message(subject: &Subject<'_>, lost: &Lost) -> Diagnostic {
    let operation = &subject.checked.network().operations[lost.operation];
    let map = |[height, width]: [u64; 2]| format!("{height}x{width}");
    let mut diagnostic = Diagnostic::warning(
        codes::FLOOR_POOL,
        format!(
            "`{}` rounds down: of {} it makes {}, and row `{}` of the published table has {}",
            operation.path,
            map(lost.input),
            map(lost.found),
            lost.row,
            map(lost.published)
        ),
    )
    .at(operation.span, format!("{}, not {}", map(lost.found), map(lost.published)));
    // The axis that loses something.
    let axis = usize::from(lost.found[0] == lost.published[0]);
    if let Some(window) = operation.op.rule().window() {
        diagnostic = diagnostic.note(window.explain(axis, lost.input[axis], lost.found[axis]));
    }
    let switched_off = written::own_value(operation, "ceil");
    let edit = match switched_off {
        Some(span) => Some(Edit { span, replacement: "ceil".into() }),
        None => written::with_argument(subject.sources, operation.span, "ceil"),
    };
    match edit {
        Some(edit) => diagnostic.suggest_all(Suggestion {
            message: "round the number of windows up".into(),
            edits: vec![edit],
            is_safe: false,
        }),
        None => diagnostic.help("round the number of windows up: `ceil`"),
    }
}
