//! `softmax`: logits to probabilities.

use super::{Kind, Step};
use crate::ops::{Op, Softmax};

pub(super) const KIND: Kind = Kind {
    keyword: "softmax",
    title: "softmax",
    summary: "Logits to probabilities, over the features of a vector or the channels of maps.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["softmax"],
    expand: |_| Some(vec![Step::new("softmax", Op::Softmax(Softmax))]),
};
