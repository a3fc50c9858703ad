//! `relu`: max(0, x), as a layer of its own.

use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Activation, Op};

pub(super) const KIND: Kind = Kind { keyword: "relu", title: "relu", attributes: &[], expand };

#[expect(clippy::unnecessary_wraps, reason = "all kinds have this signature")]
fn expand(_: &mut Arguments<'_>) -> Option<Vec<Step>> {
    Some(vec![Step::new("relu", Op::Activation(Activation::Relu))])
}
