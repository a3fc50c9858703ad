//! `silu`: x times sigmoid(x).

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "silu",
    title: "silu",
    summary: "x times sigmoid(x), also called swish.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["silu"],
    expand: |_| Some(vec![Step::activation(Activation::Silu)]),
};
