//! `dropout 0.4`: zeroes values with this probability while training.

use super::attributes::{Positional, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Dropout, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "dropout",
    title: "dropout",
    summary: "While training, zeroes each value with this probability and scales the rest up; hands on all else.",
    positional: &[Positional { what: "probability, at least 0 and below 1", sample: "0.4" }],
    attributes: &[],
    variables: "",
    examples: &["dropout 0.4"],
    expand,
};

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let p = arguments.positional_float("probability", "its probability, such as `0.4`", Range::Probability)?;
    Some(vec![Step::new("dropout", Op::Dropout(Dropout { p }))])
}
