//! An eps of a norm that is far from the usual.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject, written};
use crate::codes;
use crate::ops::Op;

pub(super) const LINT: Lint = Lint {
    code: codes::UNUSUAL_EPS,
    name: "unusual-eps",
    level: Level::Warn,
    reason: "a large eps outweighs the variance that it is added to, so that nothing is normalised; a tiny one is 0 in half precision",
    find,
};

/// PyTorch and Caffe have 1e-5, TensorFlow 1e-3. The smallest positive number of half precision is 6e-8.
const LEAST: f64 = 1e-7;
const MOST: f64 = 1e-2;

fn find(subject: &Subject<'_>, found: &mut Found) {
    for operation in &subject.checked.network().operations {
        let Op::BatchNorm(norm) = &operation.op else { continue };
        if (LEAST..=MOST).contains(&norm.eps) {
            continue;
        }
        // Only what is written can be unusual.
        let Some(place) = operation.slot("eps").map(|slot| slot.span) else { continue };
        let value = written::text(subject.sources, place).unwrap_or_default();
        let message = format!("the batch norm at `{}` has an eps of {value}", operation.path);
        let mut diagnostic = Diagnostic::warning(codes::UNUSUAL_EPS, message)
            .at(place, "usual are 1e-5 (PyTorch, Caffe) and 1e-3 (TensorFlow)");
        if !written::is_within(place, operation.span) {
            diagnostic = diagnostic.see(operation.span, "the layer");
        }
        if norm.eps >= 1.0 {
            diagnostic = diagnostic.note(
                "the variance of what a convolution delivers is mostly around 1, and a number of channels is no eps",
            );
        }
        found.push(diagnostic.suggest("perhaps PyTorch's default is meant", place, "1e-5"));
    }
}
