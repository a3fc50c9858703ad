//! `avgpool 5x5/3`: mean over a window, and `avgpool global`: mean over the whole map.
//!
//! Attributes: kernel and stride (the kernel's size unless said, as in PyTorch), or the flag `global`; `pad` (0 unless
//! said), `ceil`, `count_include_pad` (padding counts as zeros unless `count_include_pad=false`, as in PyTorch).

use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{AdaptivePool, AvgPool, Op, Pooling, Window};

pub(super) const KIND: Kind =
    Kind { keyword: "avgpool", title: "avg pool", attributes: &["global", "pad", "ceil", "count_include_pad"], expand };

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    if arguments.flag("global", false) {
        return Some(vec![Step::new(
            "avgpool",
            Op::AdaptivePool(AdaptivePool { pooling: Pooling::Average, size: [1, 1] }),
        )]);
    }
    let geometry = arguments.geometry(false);
    let padding = arguments.symmetric_padding().unwrap_or([0; 4]);
    let ceil = arguments.flag("ceil", false);
    let count_include_pad = arguments.flag("count_include_pad", true);
    let (kernel, stride) = geometry?;
    let window = Window { kernel, stride, padding, dilation: [1, 1], ceil };
    Some(vec![Step::new("avgpool", Op::AvgPool(AvgPool { window, count_include_pad }))])
}
