//! `reshape 2048`: the values of a whole batch, cut into vectors of this length.

use super::attributes::Positional;
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Op, Reshape};

pub(super) const KIND: Kind = Kind {
    keyword: "reshape",
    title: "reshape",
    summary: "The values of a whole batch, cut into vectors of this length, as `view(-1, 2048)`. \
              Mixes samples when one sample holds another number of values; `flatten` never does.",
    positional: &[Positional { what: "features of each vector", sample: "2048" }],
    attributes: &[],
    variables: "",
    examples: &["reshape 2048"],
    expand,
};

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let features = arguments.number("features", "its length, such as `2048`")?;
    Some(vec![Step::new("reshape", Op::Reshape(Reshape { features }))])
}
