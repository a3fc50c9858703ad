//! The inverse cosine transform of blocks of 8 by 8, in whole numbers.
//!
//! The algorithm is Loeffler, Ligtenberg and Moschytz's with 12 multiplications for each row, with constants of 13 bits and 2
//! more bits kept between the two passes: what the Independent JPEG Group calls "islow", and decoders agree on.

#![expect(clippy::inline_always, reason = "functions are to be compiled with the instructions of their caller")]

use multiversion::multiversion;

/// Bits behind the point of the constants.
const BITS: u32 = 13;

/// Bits behind the point between the passes.
const BETWEEN: u32 = 2;

/// Coefficients or values of a block, by rows.
pub(super) type Block = [[i32; 8]; 8];

/// Writes the values of a block, 0 to 255, into `out`, whose rows are `stride` apart.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn inverse(block: &Block, out: &mut [u8], stride: usize) {
    let between = transpose(&pass(block, BITS - BETWEEN));
    let values = transpose(&pass(&between, BITS + BETWEEN + 3));
    for (row, out) in values.iter().zip(out.chunks_mut(stride)) {
        for (&value, out) in row.iter().zip(out) {
            *out = to_byte(value);
        }
    }
}

/// The values of a block that has only its first coefficient.
pub(super) fn flat(first: i32, out: &mut [u8], stride: usize) {
    let value = to_byte(first.wrapping_add(4) >> 3);
    for out in out.chunks_mut(stride).take(8) {
        out[..8].fill(value);
    }
}

/// Values are stored around 0.
#[inline(always)]
fn to_byte(value: i32) -> u8 {
    #[expect(clippy::cast_sign_loss, reason = "clamped to the values of a byte")]
    let byte = value.wrapping_add(128).clamp(0, 255) as u8;
    byte
}

#[inline(always)]
fn transpose(block: &Block) -> Block {
    std::array::from_fn(|i| std::array::from_fn(|j| block[j][i]))
}

/// Transforms the eight columns, and drops `shift` bits.
#[inline(always)]
fn pass(block: &Block, shift: u32) -> Block {
    let mut out = [[0; 8]; 8];
    for i in 0..8 {
        let column: [i32; 8] = std::array::from_fn(|row| block[row][i]);
        let column = transform(column, shift);
        for (row, value) in out.iter_mut().zip(column) {
            row[i] = value;
        }
    }
    out
}

/// The constants are cosines and their sums, times 2^13. Damaged files can make numbers too large, which then wrap.
#[inline(always)]
fn transform(x: [i32; 8], shift: u32) -> [i32; 8] {
    let times = |a: i32, b: i32| a.wrapping_mul(b);
    let add = |a: i32, b: i32| a.wrapping_add(b);
    let sub = |a: i32, b: i32| a.wrapping_sub(b);
    // Even coefficients.
    let z = times(add(x[2], x[6]), 4433);
    let e2 = sub(z, times(x[6], 15_137));
    let e3 = add(z, times(x[2], 6270));
    let e0 = times(add(x[0], x[4]), 1 << BITS);
    let e1 = times(sub(x[0], x[4]), 1 << BITS);
    let even = [add(e0, e3), add(e1, e2), sub(e1, e2), sub(e0, e3)];
    // Odd ones.
    let z5 = times(add(add(x[7], x[3]), add(x[5], x[1])), 9633);
    let z1 = times(add(x[7], x[1]), -7373);
    let z2 = times(add(x[5], x[3]), -20_995);
    let z3 = add(times(add(x[7], x[3]), -16_069), z5);
    let z4 = add(times(add(x[5], x[1]), -3196), z5);
    let odd = [
        add(times(x[1], 12_299), add(z1, z4)),
        add(times(x[3], 25_172), add(z2, z3)),
        add(times(x[5], 16_819), add(z2, z4)),
        add(times(x[7], 2446), add(z1, z3)),
    ];
    let half = 1 << (shift - 1);
    std::array::from_fn(|i| {
        let sum = if i < 4 { add(even[i], odd[i]) } else { sub(even[7 - i], odd[7 - i]) };
        add(sum, half) >> shift
    })
}
