//! `avgpool 5x5/3`: mean over a window; `avgpool global` over the whole map, `avgpool adaptive=4x4` over bins.

use super::attributes::{Attribute, Form};
use super::pool::{ADAPTIVE, CEIL, GLOBAL, PAD, WINDOW, size, window};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{AdaptivePool, AvgPool, Op, Pooling};

pub(super) const KIND: Kind = Kind {
    keyword: "avgpool",
    title: "avg pool",
    summary: "Mean over a window, over the whole map, or over bins that make a map of a given size.",
    positional: &[WINDOW],
    attributes: &[GLOBAL, ADAPTIVE, PAD, CEIL, COUNT_INCLUDE_PAD],
    variables: "",
    examples: &[
        "avgpool 5x5/3",
        "avgpool 3x3/1 pad=1 count_include_pad=false",
        "avgpool global",
        "avgpool adaptive=4x4",
    ],
    expand,
};

const COUNT_INCLUDE_PAD: Attribute =
    Attribute::new("count_include_pad", Form::Flag, "on", "padding counts as zeros in the mean").needing("a window");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    if let Some(size) = size(arguments) {
        let pool = AdaptivePool { pooling: Pooling::Average, size: size? };
        return Some(vec![Step::new("avgpool", Op::AdaptivePool(pool))]);
    }
    let count_include_pad = arguments.flag("count_include_pad", true);
    let window = window(arguments)?;
    Some(vec![Step::new("avgpool", Op::AvgPool(AvgPool { window, count_include_pad }))])
}
