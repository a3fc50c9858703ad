//! `flatten`: maps to a vector, channels first.

use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Flatten, Op};

pub(super) const KIND: Kind = Kind { keyword: "flatten", title: "flatten", attributes: &[], expand };

#[expect(clippy::unnecessary_wraps, reason = "all kinds have this signature")]
fn expand(_: &mut Arguments<'_>) -> Option<Vec<Step>> {
    Some(vec![Step::new("flatten", Op::Flatten(Flatten))])
}
