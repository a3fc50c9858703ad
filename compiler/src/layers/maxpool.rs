//! `maxpool 3x3/2`: maximum over a window; `maxpool global` over the whole map, `maxpool adaptive=4x4` over bins.

use super::attributes::{Attribute, DILATION};
use super::pool::{ADAPTIVE, CEIL, GLOBAL, PAD, WINDOW, size, window};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{AdaptivePool, MaxPool, Op, Pooling, Window};

pub(super) const KIND: Kind = Kind {
    keyword: "maxpool",
    title: "max pool",
    summary: "Maximum over a window, over the whole map, or over bins that make a map of a given size.",
    positional: &[WINDOW],
    attributes: &[GLOBAL, ADAPTIVE, PAD, POOL_DILATION, CEIL],
    variables: "",
    examples: &["maxpool 3x3/2 ceil", "maxpool 3x3/1 pad=1", "maxpool global", "maxpool adaptive=4x4"],
    expand,
};

const POOL_DILATION: Attribute = DILATION.needing("a window");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    if let Some(size) = size(arguments) {
        let pool = AdaptivePool { pooling: Pooling::Max, size: size? };
        return Some(vec![Step::new("maxpool", Op::AdaptivePool(pool))]);
    }
    let dilation = arguments.pair("dilation", ["dilation_height", "dilation_width"]).unwrap_or([1, 1]);
    let window = Window { dilation, ..window(arguments)? };
    Some(vec![Step::new("maxpool", Op::MaxPool(MaxPool { window }))])
}
