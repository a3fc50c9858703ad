//! `maxpool 3x3/2`: maximum over a window; `maxpool global` over the whole map, `maxpool adaptive=4x4` over bins.

use super::attributes::{ADAPTIVE, Attribute, CEIL, DILATION, GLOBAL, POOL_PAD, Positional};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{AdaptivePool, MaxPool, Op, Pooling, Window};

pub(super) const KIND: Kind = Kind {
    keyword: "maxpool",
    title: "max pool",
    summary: "Maximum over a window, over the whole map, or over bins that make a map of a given size.",
    positional: &[WINDOW],
    attributes: &[GLOBAL, ADAPTIVE, POOL_PAD, POOL_DILATION, CEIL],
    variables: "",
    examples: &["maxpool 3x3/2 ceil", "maxpool 3x3/1 pad=1", "maxpool global", "maxpool adaptive=4x4"],
    expand,
};

pub(super) const WINDOW: Positional = Positional {
    what: "kernel `rows x columns`, and after a slash the stride (the kernel's size unless said); not with `global` or `adaptive`",
    sample: "3x3/2",
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

/// The size that a pool without windows of its own delivers; inside, `None` when it was given wrongly.
#[expect(clippy::option_option, reason = "whether it is such a pool, and whether its size could be read")]
pub(super) fn size(arguments: &mut Arguments<'_>) -> Option<Option<[u64; 2]>> {
    if arguments.flag("global", false) {
        return Some(Some([1, 1]));
    }
    arguments.has("adaptive").then(|| arguments.pair("adaptive", ["output_height", "output_width"]))
}

/// The window of a pool; the dilation is 1.
pub(super) fn window(arguments: &mut Arguments<'_>) -> Option<Window> {
    let geometry = arguments.geometry("its kernel and stride, such as `3x3/2`, or `global`", None);
    let padding = arguments.padding().unwrap_or([0; 4]);
    let ceil = arguments.flag("ceil", false);
    let (kernel, stride) = geometry?;
    Some(Window { kernel, stride, padding, dilation: [1, 1], ceil })
}
