//! Which square inputs a network runs on, in words.

use super::Report;
use crate::analysis::sizes::{Above, SizeRange, Sizes};
use crate::check::at::Mode;

/// A line for each phase, and what refuses beyond each range; nothing when sizes were not asked for.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let Some(sizes) = &report.valid_sizes else { return Vec::new() };
    sizes.iter().map(line).collect()
}

fn line(sizes: &Sizes) -> String {
    let phase = match sizes.mode {
        Mode::Training => "training",
        Mode::Inference => "inference",
    };
    let samples = if sizes.batch == 1 { "1 sample".into() } else { format!("{} samples", sizes.batch) };
    let ranges: Vec<String> = sizes.ranges.iter().map(range).collect();
    let ranges = if ranges.is_empty() { format!("none up to {}", sizes.tried) } else { ranges.join(", ") };
    format!("valid square inputs in {phase}, {samples}: {ranges}")
}

/// `223 to 270 (aux1.fc1 refuses 222 and 271)`.
fn range(range: &SizeRange) -> String {
    let below = range.below.as_ref().map(|layer| (layer, range.first.saturating_sub(1)));
    let (size, above) = match &range.above {
        Above::Refused(layer) => (until(range), Some((layer, range.last.saturating_add(1)))),
        Above::Unbounded => (format!("{} and more", range.first), None),
        Above::Unknown => (format!("{} to {} and perhaps more", range.first, range.last), None),
    };
    let refusals = match (below, above) {
        (Some((layer, below)), Some((other, above))) if layer == other => {
            format!(" ({layer} refuses {below} and {above})")
        }
        (Some((layer, below)), Some((other, above))) => format!(" ({layer} refuses {below}, {other} {above})"),
        (Some((layer, size)), None) | (None, Some((layer, size))) => format!(" ({layer} refuses {size})"),
        (None, None) => String::new(),
    };
    size + &refusals
}

fn until(range: &SizeRange) -> String {
    if range.first == range.last { range.first.to_string() } else { format!("{} to {}", range.first, range.last) }
}
