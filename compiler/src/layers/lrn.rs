//! `lrn 5 alpha=1e-4 beta=0.75`: local response normalisation across channels.
//!
//! Attributes: how many channels, `alpha`, `beta`, `k`; the defaults are PyTorch's.

use super::{Kind, Step};
use crate::lower::{Arguments, Range};
use crate::ops::{LocalResponseNorm, Op};

pub(super) const KIND: Kind =
    Kind { keyword: "lrn", title: "local response norm", attributes: &["alpha", "beta", "k"], expand };

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let size = arguments.number("size", "how many channels it looks at, such as `5`");
    let alpha = arguments.float("alpha", Range::Positive).unwrap_or(1e-4);
    let beta = arguments.float("beta", Range::Positive).unwrap_or(0.75);
    let k = arguments.float("k", Range::Positive).unwrap_or(1.0);
    Some(vec![Step::new("lrn", Op::LocalResponseNorm(LocalResponseNorm { size: size?, alpha, beta, k }))])
}
