//! `gelu`: x times the normal distribution's cumulative function of x.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "gelu",
    title: "gelu",
    summary: "x times the normal distribution's cumulative function of x, exactly.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["gelu"],
    expand: |_| Some(vec![Step::activation(Activation::Gelu)]),
};
