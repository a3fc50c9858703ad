//! `scale 0.17`: multiplication by a constant, as Inception-ResNet damps its residuals.

use super::attributes::{Positional, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Op, Scale};

pub(super) const KIND: Kind = Kind {
    keyword: "scale",
    title: "scale",
    summary: "Multiplies every value by a constant.",
    positional: &[Positional { what: "the constant", sample: "0.17" }],
    attributes: &[],
    variables: "",
    examples: &["scale 0.17"],
    expand,
};

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let factor = arguments.positional_float("factor", "its factor, such as `0.17`", Range::Any)?;
    Some(vec![Step::new("scale", Op::Scale(Scale { factor }))])
}
