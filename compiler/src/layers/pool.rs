//! What both pools can be given.

use super::attributes::{Attribute, Form, Positional};
use crate::lower::Arguments;
use crate::ops::Window;

pub(super) const WINDOW: Positional = Positional {
    what: "kernel `rows x columns`, and after a slash the stride (the kernel's size unless said); not with `global` or `adaptive`",
    sample: "3x3/2",
};
pub(super) const CEIL: Attribute =
    Attribute::new("ceil", Form::Flag, "off", "round the number of windows up, as Caffe does").needing("a window");
pub(super) const PAD: Attribute = Attribute::new(
    "pad",
    Form::Sizes { least: 0, counts: &[1, 2] },
    "`0`",
    "rows and columns added on each side, at most half the kernel: one number, or `rows x columns`",
)
.needing("a window");
pub(super) const GLOBAL: Attribute = Attribute::new("global", Form::Flag, "off", "one window, as large as the map");
pub(super) const ADAPTIVE: Attribute = Attribute::new(
    "adaptive",
    Form::Sizes { least: 1, counts: &[1, 2] },
    "windows of a fixed size",
    "deliver so many rows and columns, whatever comes in",
)
.needing("to stand without a window and `global`");

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
