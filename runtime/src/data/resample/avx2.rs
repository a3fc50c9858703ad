//! The horizontal pass for colour images on processors with AVX2.
//!
//! It multiplies 16-bit numbers in pairs, which takes a fraction of the time of 32-bit products. A weight of up to 24 bits
//! is cut in two for that, `high * 2^15 + low`, and the two sums are put together at the end, so that nothing is lost.

use super::View;
use super::passes::HALF;
use super::weights::{BLOCK, PRECISION, Weights};
use std::arch::x86_64::{
    __m128i, __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_packs_epi32, _mm_packus_epi16, _mm_set_epi64x,
    _mm_set1_epi32, _mm_srai_epi32, _mm256_add_epi32, _mm256_broadcastsi128_si256, _mm256_castsi256_si128,
    _mm256_extracti128_si256, _mm256_madd_epi16, _mm256_setr_epi8, _mm256_setr_epi16, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_slli_epi32,
};

/// Bits of the low part of a weight, which has no sign.
const LOW: u32 = 15;

/// What is read at once, of which a block of pixels takes 12.
const BYTES: usize = 16;

/// A block of weights, each pair of them once for every channel: the high parts, and the low ones.
type Block = [__m256i; 2];

/// Makes one row of `out` of each row of `view`, whose first column has the number `first` for the weights.
#[target_feature(enable = "avx2")]
pub(super) fn colour(view: View<'_>, first: usize, weights: &Weights, out: &mut [u8]) {
    let bytes = weights.len() * 3;
    let width = view.part.width * 3;
    // Rows with room behind them, because more is read and written than the pixels at hand.
    let mut row = vec![0; width + weights.taps() * 3 + BYTES];
    let mut made = vec![0; bytes + 1];
    let starts: Vec<usize> = weights.iter().map(|(start, _)| (start - first) * 3).collect();
    let blocks: Vec<Block> =
        weights.iter().flat_map(|(_, weights)| weights.as_chunks::<BLOCK>().0).map(|block| split(*block)).collect();
    for (number, out) in out.chunks_exact_mut(bytes).enumerate() {
        row[..width].copy_from_slice(view.row(number));
        let pixels = starts.iter().zip(blocks.chunks_exact(weights.taps() / BLOCK));
        for (i, (&start, blocks)) in pixels.enumerate() {
            made[i * 3..i * 3 + 4].copy_from_slice(&pixel(&row[start..], blocks));
        }
        out.copy_from_slice(&made[..bytes]);
    }
}

#[target_feature(enable = "avx2")]
fn split(block: [i32; BLOCK]) -> Block {
    #[expect(clippy::cast_possible_truncation, reason = "the high part has 9 bits and the low one 15")]
    let [high, low] =
        [block.map(|weight| (weight >> LOW) as i16), block.map(|weight| (weight & ((1 << LOW) - 1)) as i16)];
    let pairs = |[a, b, c, d]: [i16; BLOCK]| _mm256_setr_epi16(a, b, a, b, a, b, 0, 0, c, d, c, d, c, d, 0, 0);
    [pairs(high), pairs(low)]
}

/// Red, green and blue of one new pixel, and a byte without meaning.
#[target_feature(enable = "avx2")]
fn pixel(row: &[u8], blocks: &[Block]) -> [u8; 4] {
    // From three bytes for each pixel to pairs of 16 bits for each channel: pixels 0 and 1, and pixels 2 and 3.
    let order = _mm256_setr_epi8(
        0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, //
        6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1,
    );
    let (mut high, mut low) = (_mm256_setzero_si256(), _mm256_setzero_si256());
    for (bytes, weights) in row.windows(BYTES).step_by(BLOCK * 3).zip(blocks) {
        let values = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(load(bytes)), order);
        high = _mm256_add_epi32(high, _mm256_madd_epi16(values, weights[0]));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(values, weights[1]));
    }
    let sums = _mm256_add_epi32(_mm256_slli_epi32::<{ LOW.cast_signed() }>(high), low);
    let sums = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
    let rounded = _mm_srai_epi32::<{ PRECISION.cast_signed() }>(_mm_add_epi32(sums, _mm_set1_epi32(HALF)));
    // Both steps clip at the ends of their range.
    let words = _mm_packs_epi32(rounded, rounded);
    _mm_cvtsi128_si32(_mm_packus_epi16(words, words)).to_le_bytes()
}

/// The first 16 bytes.
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8]) -> __m128i {
    let number = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| i64::from_le_bytes(*bytes));
    _mm_set_epi64x(number(bytes.get(8..).and_then(<[u8]>::first_chunk)), number(bytes.first_chunk()))
}
