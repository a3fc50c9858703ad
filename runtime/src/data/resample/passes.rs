//! The inner loops of resizing.

use super::weights::{PRECISION, Weights};
use super::{Rectangle, View};
use std::ops::Range;

/// Where sums begin, so that cutting off the digits behind the point rounds.
const HALF: i32 = 1 << (PRECISION - 1);

/// Makes one row of `out` of each row of `view`, whose first column has the number `first` for the weights.
pub(super) fn horizontal(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    let bytes = weights.len() * view.channels;
    for (row, out) in (0..view.part.height).map(|row| view.row(row)).zip(out.chunks_exact_mut(bytes)) {
        if view.channels == 3 {
            horizontal_row::<3>(row, first, weights, out);
        } else {
            horizontal_row::<1>(row, first, weights, out);
        }
    }
}

fn horizontal_row<const CHANNELS: usize>(row: &[u8], first: usize, weights: &Weights, out: &mut [u8]) {
    let (pixels, _) = row.as_chunks::<CHANNELS>();
    for ((start, weights), out) in weights.iter().zip(out.as_chunks_mut::<CHANNELS>().0) {
        let mut sums = [HALF; CHANNELS];
        for (pixel, &weight) in pixels[start - first..].iter().zip(weights) {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += i32::from(value) * weight;
            }
        }
        *out = sums.map(to_byte);
    }
}

/// Makes each row of `out` of rows of `view`, the first of which has the number `first` for the weights.
pub(super) fn vertical(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    let bytes = view.part.width * view.channels;
    let mut sums = vec![0; bytes];
    for ((start, weights), out) in weights.iter().zip(out.chunks_exact_mut(bytes)) {
        sums.fill(HALF);
        for (row, &weight) in (start - first..).zip(weights) {
            for (sum, &value) in sums.iter_mut().zip(view.row(row)) {
                *sum += i32::from(value) * weight;
            }
        }
        for (out, &sum) in out.iter_mut().zip(&sums) {
            *out = to_byte(sum);
        }
    }
}

fn to_byte(sum: i32) -> u8 {
    #[expect(clippy::cast_sign_loss, reason = "clamped to the values of a byte")]
    let byte = (sum >> PRECISION).clamp(0, 255) as u8;
    byte
}

/// Fills `out` with the window of the view at `height` rows and `width` columns, each pixel the one that its centre
/// lies in.
pub(super) fn nearest(view: View<'_>, height: usize, width: usize, window: Rectangle, out: &mut [u8]) {
    let rows = nearest_along(view.part.height, height, window.rows());
    let columns = nearest_along(view.part.width, width, window.columns());
    let channels = view.channels;
    for (row, out) in rows.into_iter().zip(out.chunks_exact_mut(window.width * channels)) {
        let row = view.row(row);
        for (&column, out) in columns.iter().zip(out.chunks_exact_mut(channels)) {
            out.copy_from_slice(&row[column * channels..(column + 1) * channels]);
        }
    }
}

/// The old pixel of each new one in `window`. Positions are added up one by one, as Pillow does it, because the
/// rounding of such sums decides about the pixel where a centre lies on the border of two.
fn nearest_along(old: usize, new: usize, window: Range<usize>) -> Vec<usize> {
    #[expect(clippy::cast_precision_loss, reason = "sides are below 2^53")]
    let scale = old as f64 / new as f64;
    let positions = std::iter::successors(Some(scale * 0.5), |position| Some(position + scale));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounding down is meant")]
    positions.skip(window.start).take(window.len()).map(|position| (position as usize).min(old - 1)).collect()
}
