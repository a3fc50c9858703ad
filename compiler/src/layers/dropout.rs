//! `dropout 0.4`: zeroes values with this probability while training.

use super::{Kind, Step};
use crate::lower::{Arguments, Range};
use crate::ops::{Dropout, Op};

pub(super) const KIND: Kind = Kind { keyword: "dropout", title: "dropout", attributes: &[], expand };

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let p = arguments.positional_float("probability", "its probability, such as `0.4`", Range::Probability)?;
    Some(vec![Step::new("dropout", Op::Dropout(Dropout { p }))])
}
