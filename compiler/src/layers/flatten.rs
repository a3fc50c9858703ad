//! `flatten`: maps to a vector, channels first.

use super::{Kind, Step};
use crate::ops::{Flatten, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "flatten",
    title: "flatten",
    summary: "Maps to a vector: channels, then rows, then columns. Samples stay apart.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["flatten"],
    expand: |_| Some(vec![Step::new("flatten", Op::Flatten(Flatten))]),
};
