//! `tanh`: the hyperbolic tangent.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "tanh",
    title: "tanh",
    summary: "The hyperbolic tangent, value by value.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["tanh"],
    expand: |_| Some(vec![Step::activation(Activation::Tanh)]),
};
