//! The arithmetic of a window that slides over a map: kernel, stride, padding, dilation, rounding.

use super::{Blame, Problem, map_input};
use crate::codes;
use crate::shape::Partial;

/// Geometry of a convolution or a pool; pairs are height, width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Rows and columns of the kernel.
    pub kernel: [u64; 2],
    /// Step between windows.
    pub stride: [u64; 2],
    /// Rows and columns added around the map: top, bottom, left, right.
    pub padding: [u64; 4],
    /// Distance between the kernel's taps; 1 is a dense kernel.
    pub dilation: [u64; 2],
    /// Whether the number of windows is rounded up, so that the last window may hang over the edge.
    pub ceil: bool,
}

/// The axes by the names that messages and slots use.
const AXES: [(&str, &str, &str); 2] =
    [("height", "kernel_height", "padding_top"), ("width", "kernel_width", "padding_left")];

impl Window {
    /// Height and width of the output, where the input's are known.
    pub(super) fn output(
        &self,
        what: &str,
        height: Option<u64>,
        width: Option<u64>,
    ) -> Result<[Option<u64>; 2], Problem> {
        let mut sizes = [None; 2];
        for (axis, size) in [height, width].into_iter().enumerate() {
            sizes[axis] = size.map(|size| self.along(what, axis, size)).transpose()?;
        }
        Ok(sizes)
    }

    /// Height and width of the output for an input of this height and width; `None` where the kernel does not fit.
    pub(crate) fn output_size(&self, [height, width]: [u64; 2]) -> Option<[u64; 2]> {
        Some([self.along("", 0, height).ok()?, self.along("", 1, width).ok()?])
    }

    /// How many windows fit along one axis.
    ///
    /// PyTorch's rule (`pooling_output_shape_pad_lr` in `native/Pool.h` of `ATen`): with `ceil`, a window may hang over the
    /// end, even a first one that is larger than the input, but not start beyond the input and its left padding.
    fn along(&self, what: &str, axis: usize, size: u64) -> Result<u64, Problem> {
        let (before, after) = self.pads(axis);
        let (stride, reach) = (self.stride[axis], self.reach(axis));
        let padded = size.saturating_add(before).saturating_add(after);
        let (name, kernel_slot, _) = AXES[axis];
        let rounding = if self.ceil { stride - 1 } else { 0 };
        let Some(steps) = padded.saturating_add(rounding).checked_sub(reach) else {
            let problem = Problem::new(
                codes::KERNEL_TOO_LARGE,
                format!("{what} with a kernel {name} of {reach} does not fit into its input, whose padded {name} is {padded}"),
                Blame::Slot(kernel_slot),
                format!("the kernel covers {reach}, the padded input has {padded}"),
            )
            .help("make the input larger, the kernel smaller, or lose less on the way: see how earlier pools round (`ceil`) and pad");
            let sum = format!("{name}: {size} + {before} + {after} = {padded}");
            return Err(if padded > size { problem.note(sum) } else { problem });
        };
        let windows = steps / stride + 1;
        let starts_beyond = self.ceil && (windows - 1).saturating_mul(stride) >= size.saturating_add(before);
        Ok(if starts_beyond { windows - 1 } else { windows })
    }

    /// The output of a pool, which keeps the channels.
    pub(super) fn pool(&self, what: &str, inputs: &[Partial]) -> Result<Partial, Problem> {
        let (channels, height, width) = map_input(inputs, what)?;
        self.check_pool_padding(what)?;
        let [height, width] = self.output(what, height, width)?;
        Ok(Partial::Map { channels, height, width })
    }

    /// What PyTorch asks of pools: padding of at most half the kernel, however far its taps are spread.
    fn check_pool_padding(&self, what: &str) -> Result<(), Problem> {
        for (axis, (name, _, padding_slot)) in AXES.into_iter().enumerate() {
            let (before, after) = self.pads(axis);
            let (padding, kernel) = (before.max(after), self.kernel[axis]);
            if padding > kernel / 2 {
                return Err(Problem::new(
                    codes::POOL_PADDING,
                    format!("{what} pads its {name} by {padding}, more than half of its kernel, which is {kernel}"),
                    Blame::Slot(padding_slot),
                    format!("at most {}", kernel / 2),
                ));
            }
        }
        Ok(())
    }

    /// The arithmetic of one axis in words: `(28 + 2*1 - 3)/2 + 1 = 14`.
    pub(crate) fn explain(&self, axis: usize, size: u64, output: u64) -> String {
        let (before, after) = self.pads(axis);
        let (stride, reach) = (self.stride[axis], self.reach(axis));
        let padding = match (before, after) {
            (0, 0) => String::new(),
            (a, b) if a == b => format!(" + 2*{a}"),
            (a, b) => format!(" + {a} + {b}"),
        };
        let padded = size.saturating_add(before).saturating_add(after);
        let exact = padded.checked_sub(reach).is_some_and(|room| room % stride == 0);
        let rounding = match (exact, self.ceil) {
            (true, _) => "",
            (false, false) => ", rounded down",
            (false, true) if padded.saturating_add(stride - 1).saturating_sub(reach) / stride + 1 > output => {
                ", rounded up but for a window that would start in the padding"
            }
            (false, true) => ", rounded up",
        };
        format!("{}: ({size}{padding} - {reach})/{stride} + 1 = {output}{rounding}", AXES[axis].0)
    }

    fn pads(&self, axis: usize) -> (u64, u64) {
        (self.padding[2 * axis], self.padding[2 * axis + 1])
    }

    /// How many rows or columns the kernel covers, holes included.
    pub(crate) fn reach(&self, axis: usize) -> u64 {
        self.dilation[axis].saturating_mul(self.kernel[axis] - 1).saturating_add(1)
    }

    /// `7x7/2`, the way the paper's table writes patch and stride.
    pub(crate) fn patch(&self) -> String {
        let [rows, columns] = self.stride;
        let stride = if rows == columns { rows.to_string() } else { format!("{rows}x{columns}") };
        format!("{}x{}/{stride}", self.kernel[0], self.kernel[1])
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    fn window(kernel: u64, stride: u64, padding: u64, ceil: bool) -> Window {
        Window { kernel: [kernel; 2], stride: [stride; 2], padding: [padding; 4], dilation: [1; 2], ceil }
    }

    /// The worked examples of a GoogLeNet tutorial (224 to 112, 112 to 56), and cases of PyTorch's own rule.
    #[test]
    fn the_arithmetic_in_words() {
        for (window, size, output, words) in [
            (window(7, 2, 3, false), 224, 112, "height: (224 + 2*3 - 7)/2 + 1 = 112, rounded down"),
            (window(3, 2, 1, false), 112, 56, "height: (112 + 2*1 - 3)/2 + 1 = 56, rounded down"),
            (window(3, 1, 1, true), 28, 28, "height: (28 + 2*1 - 3)/1 + 1 = 28"),
            (window(3, 2, 0, true), 112, 56, "height: (112 - 3)/2 + 1 = 56, rounded up"),
            (
                window(2, 2, 1, true),
                3,
                2,
                "height: (3 + 2*1 - 2)/2 + 1 = 2, rounded up but for a window that would start in the padding",
            ),
        ] {
            assert_eq!(window.along("a pool", 0, size).ok(), Some(output), "{words}");
            assert_eq!(window.explain(0, size, output), words);
        }
    }
}
