//! Where a window stands.

use super::super::network::{Number, Window};
use super::{Refusal, positive, require};

/// A window with all its numbers; the padding is top, bottom, left, right.
pub(super) struct Resolved {
    pub(super) kernel: [u64; 2],
    pub(super) stride: [u64; 2],
    pub(super) pad: [u64; 4],
    pub(super) dilation: [u64; 2],
}

impl Resolved {
    pub(super) fn of(window: &Window, is_pool: bool, value: &dyn Fn(&Number) -> u64) -> Result<Self, Refusal> {
        let kernel = window.kernel;
        let stride: Vec<u64> = window.stride.iter().map(value).collect();
        positive(&[&kernel, &stride[..], &window.dilation].concat())?;
        let stride = pair(&stride).unwrap_or(if is_pool { kernel } else { [1, 1] });
        let dilation = pair(&window.dilation).unwrap_or([1, 1]);
        let half = |axis: usize| if is_pool { 0 } else { dilation[axis] * (kernel[axis] - 1) / 2 };
        let pad = match window.pad[..] {
            [all] => [all; 4],
            [rows, columns] => [rows, rows, columns, columns],
            [top, bottom, left, right] => [top, bottom, left, right],
            _ => [half(0), half(0), half(1), half(1)],
        };
        Ok(Self { kernel, stride, pad, dilation })
    }

    /// At how many positions the window stands along one axis.
    ///
    /// PyTorch's rule: every tap lies inside of the padded input, or, where the number is rounded up, the window before this
    /// one did not reach the end, and this one starts inside of the input or the padding before it.
    pub(super) fn positions(&self, axis: usize, size: u64, ceil: bool) -> Result<u64, Refusal> {
        let (before, after) = (self.pad[2 * axis], self.pad[2 * axis + 1]);
        let end = before + size + after;
        let reach = (0..self.kernel[axis]).map(|tap| tap * self.dilation[axis]).max().unwrap_or(0) + 1;
        let mut positions = 0;
        for start in (0..end).step_by(usize::try_from(self.stride[axis]).unwrap_or(usize::MAX)) {
            let fits = start + reach <= end;
            // A first window that is too large stands as if another one stride before it had not reached the end.
            let previous_ends_early = start + reach < end + self.stride[axis];
            if fits || (ceil && previous_ends_early && start < before + size) {
                positions += 1;
            }
        }
        require(positions > 0, "the kernel does not fit")?;
        Ok(positions)
    }
}

fn pair(numbers: &[u64]) -> Option<[u64; 2]> {
    match *numbers {
        [both] => Some([both; 2]),
        [rows, columns] => Some([rows, columns]),
        _ => None,
    }
}
