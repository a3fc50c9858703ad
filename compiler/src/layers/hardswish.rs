//! `hardswish`: x times min(max(0, x + 3), 6) / 6.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "hardswish",
    title: "hardswish",
    summary: "x times min(max(0, x + 3), 6) / 6.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["hardswish"],
    expand: |_| Some(vec![Step::activation(Activation::Hardswish)]),
};
