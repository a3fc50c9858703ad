//! `leaky-relu slope=0.1`: x where it is positive, `slope` times x elsewhere.

use super::attributes::{Attribute, Form, Range};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::Activation;

pub(super) const KIND: Kind = Kind {
    keyword: "leaky-relu",
    title: "leaky-relu",
    summary: "x where it is positive, `slope` times x elsewhere.",
    positional: &[],
    attributes: &[Attribute::new("slope", Form::Number(Range::Any), "`0.01`", "factor of negative values")],
    variables: "",
    examples: &["leaky-relu", "leaky-relu slope=0.1"],
    expand,
};

#[expect(clippy::unnecessary_wraps, reason = "all kinds have this signature")]
fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let slope = arguments.float("slope").unwrap_or(0.01);
    Some(vec![Step::activation(Activation::LeakyRelu { slope })])
}
