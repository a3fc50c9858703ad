//! `batchnorm`: batch normalisation as a layer of its own.

use super::attributes::{Attribute, Form, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{BatchNorm, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "batchnorm",
    title: "batch norm",
    summary: "Batch normalisation of each channel, with a scale and a shift that are trained.",
    positional: &[],
    attributes: &[EPS, MOMENTUM],
    variables: "`weight`, `bias`, and the buffers `running_mean`, `running_var`",
    examples: &["batchnorm", "batchnorm eps=1e-3 momentum=0.05"],
    expand: |arguments| Some(vec![Step::new("batchnorm", op(arguments))]),
};

pub(super) const EPS: Attribute =
    Attribute::new("eps", Form::Number(Range::Positive), "`1e-5`", "added to the variance");
pub(super) const MOMENTUM: Attribute = Attribute::new(
    "momentum",
    Form::Number(Range::Fraction),
    "`0.1`",
    "weight of the newest batch in the running statistics, as PyTorch counts it",
);

/// Reads [`EPS`] and [`MOMENTUM`].
pub(super) fn op(arguments: &mut Arguments<'_>) -> Op {
    let eps = arguments.float("eps").unwrap_or(1e-5);
    let momentum = arguments.float("momentum").unwrap_or(0.1);
    Op::BatchNorm(BatchNorm { eps, momentum })
}
