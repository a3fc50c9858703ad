//! The inner loops of resizing. Sums are of whole numbers, so that the result is the same with every set of instructions.

use super::weights::{PRECISION, Weights};
use super::{Rectangle, View};
use multiversion::{multiversion, target::match_target};
use std::ops::Range;

/// Where sums begin, so that cutting off the digits behind the point rounds.
pub(super) const HALF: i32 = 1 << (PRECISION - 1);

/// Columns that the vertical pass works on at a time: what fits into registers.
const COLUMNS: usize = 32;

/// Makes one row of `out` of each row of `view`, whose first column has the number `first` for the weights.
pub(super) fn horizontal(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    if view.channels == 3 {
        colour(view, first, weights, out);
    } else {
        rows::<1>(view, first, weights, out);
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn colour(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    match_target! {
        "x86_64+avx2" => super::avx2::colour(view, first, weights, out),
        _ => rows::<3>(view, first, weights, out),
    }
}

fn rows<const CHANNELS: usize>(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    let bytes = weights.len() * CHANNELS;
    for (row, out) in (0..view.part.height).map(|row| view.row(row)).zip(out.chunks_exact_mut(bytes)) {
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
}

/// Makes each row of `out` of rows of `view`, the first of which has the number `first` for the weights.
#[multiversion(targets("x86_64+avx2", "x86_64+sse4.1"))]
pub(super) fn vertical(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    let bytes = view.part.width * view.channels;
    for ((start, weights), out) in weights.iter().zip(out.chunks_exact_mut(bytes)) {
        let (chunks, rest) = out.as_chunks_mut::<COLUMNS>();
        let done = chunks.len() * COLUMNS;
        for (i, chunk) in chunks.iter_mut().enumerate() {
            let mut sums = [HALF; COLUMNS];
            for (row, &weight) in (start - first..view.part.height).zip(weights) {
                for (sum, &value) in sums.iter_mut().zip(&view.row(row)[i * COLUMNS..(i + 1) * COLUMNS]) {
                    *sum += i32::from(value) * weight;
                }
            }
            for (out, sum) in chunk.iter_mut().zip(sums) {
                *out = to_byte(sum);
            }
        }
        for (i, out) in rest.iter_mut().enumerate() {
            let rows = (start - first..view.part.height).zip(weights);
            *out = to_byte(rows.fold(HALF, |sum, (row, weight)| sum + i32::from(view.row(row)[done + i]) * weight));
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "it is to be compiled with the instructions of its caller")]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::resample::Filter;

    #[test]
    fn every_set_of_instructions_gives_the_same_bytes() {
        let pixels: Vec<u8> = (0..5 * 61 * 3_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let view = View::of(&pixels, 5, 61, 3);
        for filter in [Filter::Box, Filter::Bilinear, Filter::Bicubic] {
            for new in [1, 7, 40, 61, 150] {
                let Ok(weights) = Weights::new(filter, 61, new, 0..new) else { panic!("{new} weights are too many") };
                let (mut best, mut plain) = (vec![0; 5 * new * 3], vec![1; 5 * new * 3]);
                colour(view, 0, &weights, &mut best);
                rows::<3>(view, 0, &weights, &mut plain);
                assert_eq!(best, plain, "{filter:?} to {new}");
            }
        }
    }
}
