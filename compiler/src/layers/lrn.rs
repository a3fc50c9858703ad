//! `lrn 5 alpha=1e-4 beta=0.75`: local response normalisation across channels.

use super::attributes::{Attribute, Form, Positional, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{LocalResponseNorm, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "lrn",
    title: "local response norm",
    summary: "Local response normalisation: x / (k + alpha / size x sum of squares over `size` channels)^beta.",
    positional: &[Positional { what: "how many neighbouring channels are summed", sample: "5" }],
    attributes: &[ALPHA, BETA, K],
    variables: "",
    examples: &["lrn 5 alpha=1e-4 beta=0.75"],
    expand,
};

pub(super) const ALPHA: Attribute =
    Attribute::new("alpha", Form::Number(Range::Positive), "`1e-4`", "factor of the sum, which is divided by its size");
pub(super) const BETA: Attribute = Attribute::new("beta", Form::Number(Range::Positive), "`0.75`", "exponent");
pub(super) const K: Attribute = Attribute::new("k", Form::Number(Range::Positive), "`1`", "added to the sum");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let size = arguments.number("size", "how many channels it looks at, such as `5`");
    let op = op(arguments, size.unwrap_or(1));
    size.map(|_| vec![Step::new("lrn", op)])
}

/// Reads [`ALPHA`], [`BETA`] and [`K`]; the defaults are PyTorch's.
pub(super) fn op(arguments: &mut Arguments<'_>, size: u64) -> Op {
    let alpha = arguments.float("alpha").unwrap_or(1e-4);
    let beta = arguments.float("beta").unwrap_or(0.75);
    let k = arguments.float("k").unwrap_or(1.0);
    Op::LocalResponseNorm(LocalResponseNorm { size, alpha, beta, k })
}
