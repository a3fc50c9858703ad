//! `relu6`: min(max(0, x), 6), as a layer of its own.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "relu6",
    title: "relu6",
    summary: "min(max(0, x), 6), value by value.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["relu6"],
    expand: |_| Some(vec![Step::activation(Activation::Relu6)]),
};
