//! `sigmoid`: 1 / (1 + exp(-x)).

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "sigmoid",
    title: "sigmoid",
    summary: "1 / (1 + exp(-x)), value by value.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["sigmoid"],
    expand: |_| Some(vec![Step::activation(Activation::Sigmoid)]),
};
