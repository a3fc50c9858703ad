//! `maxpool 3x3/2`: maximum over a window.
//!
//! Attributes: kernel and stride (the kernel's size unless said, as in PyTorch), `pad` (0 unless said; one number, or
//! `rows x columns`), `dilation`, `ceil` (round the number of windows up).

use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{LARGEST_SIZE, MaxPool, Op, Window};

pub(super) const KIND: Kind =
    Kind { keyword: "maxpool", title: "max pool", attributes: &["pad", "dilation", "ceil"], expand };

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let geometry = arguments.geometry(false);
    let padding = arguments.symmetric_padding().unwrap_or([0; 4]);
    let dilation =
        arguments.pair("dilation", ["dilation_height", "dilation_width"], 1..=LARGEST_SIZE).unwrap_or([1, 1]);
    let ceil = arguments.flag("ceil", false);
    let (kernel, stride) = geometry?;
    Some(vec![Step::new(
        "maxpool",
        Op::MaxPool(MaxPool { window: Window { kernel, stride, padding, dilation, ceil } }),
    )])
}
