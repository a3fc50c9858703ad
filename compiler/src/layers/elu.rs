//! `elu`: x where it is positive, exp(x) - 1 elsewhere.

use super::{Kind, Step};
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "elu",
    title: "elu",
    summary: "x where it is positive, exp(x) - 1 elsewhere.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["elu"],
    expand: |_| Some(vec![Step::activation(Activation::Elu)]),
};
