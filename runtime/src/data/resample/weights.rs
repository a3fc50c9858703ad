//! The weights of old pixels in new ones, along one side of an image.

use super::Filter;
use crate::error::{Error, Result};
use std::ops::Range;

/// The binary digits behind the point of a weight: 32, less 8 of a byte, less 2 because sums overshoot.
pub(super) const PRECISION: u32 = 32 - 8 - 2;

/// Weights come in blocks of as many.
pub(super) const BLOCK: usize = 4;

/// For each new pixel, the first old one that counts and the weights from there on.
pub(super) struct Weights {
    /// The first old pixel of each new one.
    starts: Vec<usize>,
    /// As many weights for each new pixel as any of them needs, in whole blocks; those too many are 0, and may be for
    /// pixels beyond the last.
    values: Vec<i32>,
    /// Weights for each new pixel.
    taps: usize,
    /// One more than the last old pixel that counts.
    end: usize,
}

impl Weights {
    /// The weights with which `old` pixels become `new` ones, for the new pixels in `window`.
    pub(super) fn new(filter: Filter, old: usize, new: usize, window: Range<usize>) -> Result<Self> {
        #[expect(clippy::cast_precision_loss, reason = "sides are below 2^53")]
        let scale = old as f64 / new as f64;
        let widening = scale.max(1.0);
        let support = filter.support() * widening;
        let spans: Vec<Range<usize>> = window.clone().map(|i| span(centre(i, scale), support, old)).collect();
        let needed = spans.iter().map(ExactSizeIterator::len).max().unwrap_or(1);
        let taps = needed.max(1).next_multiple_of(BLOCK);
        let mut values = Vec::new();
        if taps.checked_mul(spans.len()).is_none_or(|all| values.try_reserve_exact(all).is_err()) {
            return Err(Error::failed(format!("the weights to resize {old} pixels to {new} do not fit into memory")));
        }
        let mut weights = Vec::with_capacity(taps);
        for (i, span) in window.zip(&spans) {
            weights.clear();
            #[expect(clippy::cast_precision_loss, reason = "sides are below 2^53")]
            weights.extend(span.clone().map(|j| filter.at((j as f64 - centre(i, scale) + 0.5) * (1.0 / widening))));
            let sum: f64 = weights.iter().sum();
            let sum = if sum == 0.0 { 1.0 } else { sum };
            values.extend(weights.iter().map(|weight| fixed_point(weight / sum)));
            values.resize(values.len() + taps - span.len(), 0);
        }
        let end = spans.iter().map(|span| span.end).max().unwrap_or(0);
        Ok(Self { starts: spans.iter().map(|span| span.start).collect(), values, taps, end })
    }

    /// Weights for each new pixel, as many for all.
    pub(super) fn taps(&self) -> usize {
        self.taps
    }

    /// The old pixels between the first and the last that count.
    pub(super) fn needed(&self) -> Range<usize> {
        self.starts.iter().min().copied().unwrap_or(0)..self.end
    }

    /// The number of new pixels.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The first old pixel and the weights of each new one.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[i32])> {
        self.starts.iter().copied().zip(self.values.chunks_exact(self.taps))
    }
}

/// Where the centre of new pixel `i` lies among the old ones.
#[expect(clippy::cast_precision_loss, reason = "sides are below 2^53")]
fn centre(i: usize, scale: f64) -> f64 {
    (i as f64 + 0.5) * scale
}

/// The old pixels whose centres are within `support` of a new one's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts that round down and stop at 0")]
fn span(centre: f64, support: f64, old: usize) -> Range<usize> {
    let end = ((centre + support + 0.5) as usize).min(old);
    let start = (centre - support + 0.5) as usize;
    start.min(end)..end
}

/// Rounded half away from zero.
#[expect(clippy::cast_possible_truncation, reason = "a weight is of the order of 1, and rounding down is meant")]
fn fixed_point(weight: f64) -> i32 {
    (f64::from(1 << PRECISION) * weight + 0.5_f64.copysign(weight)) as i32
}

impl Filter {
    /// How far it reaches, in pixels.
    fn support(self) -> f64 {
        match self {
            Self::Nearest => 0.0,
            Self::Box => 0.5,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
        }
    }

    /// Its value `x` pixels from the centre.
    fn at(self, x: f64) -> f64 {
        const A: f64 = -0.5;
        let distance = x.abs();
        match self {
            Self::Box => f64::from(u8::from(x > -0.5 && x <= 0.5)),
            Self::Bilinear => (1.0 - distance).max(0.0),
            Self::Bicubic if distance < 1.0 => ((A + 2.0) * distance - (A + 3.0)) * distance * distance + 1.0,
            Self::Bicubic if distance < 2.0 => (((distance - 5.0) * distance + 8.0) * distance - 4.0) * A,
            Self::Nearest | Self::Bicubic => 0.0,
        }
    }
}
