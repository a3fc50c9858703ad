//! `relu`: max(0, x), as a layer of its own.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "relu",
    title: "relu",
    summary: "max(0, x), value by value.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["relu"],
    expand: |_| Some(vec![Step::activation(Activation::Relu)]),
};
