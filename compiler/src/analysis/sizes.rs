//! Which square inputs a network runs on, with its parameters as they are, and which layer refuses on either side.
//!
//! Every size up to a bound is tried, which is exact. That nothing above the last size refuses is shown, not assumed: along a
//! window of stride `s` an input that is longer by `s` gives an output that is longer by exactly 1, so when inputs grow by
//! the product `p` of the strides on a path, every size on it grows by a fixed step. Let all sizes of one such period run, and
//! all of the next. Then branches that are joined grow alike, and no vector that weights read has grown at all; if what
//! reshapes read has not grown either, all sizes of every later period run too, as far as PyTorch can count.

use serde::Serialize;

use crate::CheckedNetwork;
use crate::check::at::{Mode, at, refuses};
use crate::fraction::common_multiple;
use crate::network::Source;
use crate::ops::{Extent, Op};

/// At least so many sizes are tried.
const LEAST: u64 = 1024;

/// At most so many sizes are tried, and two periods more.
const MOST: u64 = 8192;

/// The square inputs that a network runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sizes {
    /// How many samples run at once. It matters to reshapes, which regroup a batch, and to batch normalisation in training.
    pub batch: u64,
    /// What runs.
    pub mode: Mode,
    /// The largest size that was tried.
    pub tried: u64,
    /// The ranges, in order.
    pub ranges: Vec<SizeRange>,
}

/// Sizes that follow one another and all run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SizeRange {
    /// The smallest.
    pub first: u64,
    /// The largest, or the end of the range as far as it was tried.
    pub last: u64,
    /// What is above it.
    pub above: Above,
    /// The layer that refuses the size below; none when there is no smaller size.
    pub below: Option<String>,
}

/// What is above a range of sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Above {
    /// This layer refuses the next size.
    Refused(String),
    /// All larger sizes run.
    Unbounded,
    /// Larger sizes were not tried, and it is not known whether they run.
    Unknown,
}

/// The square inputs that a network runs on, with this many samples.
pub fn valid_sizes(checked: &CheckedNetwork, batch: u64, mode: Mode) -> Sizes {
    let period = period(checked);
    let [_, height, width] = checked.network().input.value;
    let tried = height.max(width).saturating_mul(2).clamp(LEAST, MOST) + 2 * period.unwrap_or(0);
    let refused: Vec<Option<usize>> = (1..=tried).map(|size| refuses(checked, [size; 2], batch, mode)).collect();
    let layer = |operation: usize| checked.layer_of(operation).to_owned();
    let mut ranges: Vec<SizeRange> = Vec::new();
    let mut before: Option<usize> = None;
    let mut is_open = false;
    for (size, refused) in (1..).zip(refused) {
        match (refused, ranges.last_mut().filter(|_| is_open)) {
            (None, Some(range)) => range.last = size,
            (None, None) => {
                ranges.push(SizeRange { first: size, last: size, above: Above::Unknown, below: before.map(layer) });
            }
            (Some(operation), Some(range)) => range.above = Above::Refused(layer(operation)),
            (Some(_), None) => {}
        }
        is_open = refused.is_none();
        before = refused;
    }
    if let Some(range) = ranges.last_mut().filter(|_| is_open)
        && let Some(period) = period
        && range.last - range.first + 1 >= 2 * period
        && reshaped(checked, tried, batch, mode) == reshaped(checked, tried - period, batch, mode)
    {
        range.above = Above::Unbounded;
    }
    Sizes { batch, mode, tried, ranges }
}

/// How many values each reshape reads of a sample of this size.
fn reshaped(checked: &CheckedNetwork, size: u64, batch: u64, mode: Mode) -> Vec<Option<u64>> {
    let trial = at(checked, [size; 2], batch, mode);
    let operations = checked.network().operations.iter();
    let reshapes = operations.filter(|operation| matches!(operation.op, Op::Reshape(_)));
    reshapes.map(|reshape| Some(trial.value(*reshape.inputs.first()?)?.shape.elements())).collect()
}

/// A number of pixels by which all sizes of the network grow in fixed steps: a multiple of the product of the strides on each
/// path. `None` when it is too large to be tried.
fn period(checked: &CheckedNetwork) -> Option<u64> {
    let mut strides: Vec<u64> = Vec::new();
    let mut period = 1;
    for operation in &checked.network().operations {
        let before = operation.inputs.iter().try_fold(1, |period, source| match source {
            Source::Operation(index) => common_multiple(period, *strides.get(*index)?),
            Source::Input | Source::Unknown => Some(period),
        })?;
        let stride = match operation.op.rule().extent() {
            // Whatever comes in, the same comes out.
            Extent::Given(_) => 1,
            Extent::Window(window) => {
                let [height, width] = window.stride;
                common_multiple(before.checked_mul(height)?, before.checked_mul(width)?)?
            }
            Extent::Kept | Extent::Vector => before,
        };
        strides.push(stride);
        period = common_multiple(period, stride).filter(|period| *period <= MOST)?;
    }
    Some(period)
}
