//! Random numbers as steps draw them: from the generator of one image and epoch, the same on every machine.
//!
//! No function of the platform's mathematical library is called, because these differ in their last digit.

use rand::{Rng, RngExt};
use std::f64::consts::TAU;

/// Evenly from `low` to `high`, in steps of 2^-53 of the difference.
pub(super) fn uniform(random: &mut impl Rng, low: f64, high: f64) -> f64 {
    (low + (high - low) * unit(random)).min(high)
}

/// Evenly from 0 to below 1.
fn unit(random: &mut impl Rng) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let bits = (random.next_u64() >> 11) as f64;
    bits * (0.5 * f64::EPSILON)
}

/// Whether something that happens with probability `p` does.
pub(super) fn happens(random: &mut impl Rng, p: f64) -> bool {
    unit(random) < p
}

/// Evenly from the whole numbers 0 to `most`.
pub(super) fn at_most(random: &mut impl Rng, most: usize) -> usize {
    // Drawn in 32 bits, so that every machine draws the same. No side of an image has more.
    random.random_range(0..=u32::try_from(most).unwrap_or(u32::MAX)) as usize
}

/// From the normal distribution with mean 0 and standard deviation 1, by the method of Box and Muller.
pub(super) fn normal(random: &mut impl Rng) -> f64 {
    let (radius, angle) = (1.0 - unit(random), unit(random));
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(TAU * angle)
}

/// Evenly on the scale of logarithms from `low` to `high`, which are positive.
pub(super) fn log_uniform(random: &mut impl Rng, low: f64, high: f64) -> f64 {
    libm::exp(uniform(random, libm::log(low), libm::log(high))).clamp(low, high)
}
