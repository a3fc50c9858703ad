//! Fractions: what share of the batch's rows comes out of an operation.

/// Numerator and denominator, in lowest terms.
pub(crate) type Fraction = (u64, u64);

/// The product of two fractions, if it can be counted.
pub(crate) fn product((a, b): Fraction, (c, d): Fraction) -> Option<Fraction> {
    let (numerator, denominator) = (a.checked_mul(c)?, b.checked_mul(d)?);
    let divisor = greatest_common_divisor(numerator, denominator).max(1);
    Some((numerator / divisor, denominator / divisor))
}

/// The least number that both divide, if it can be counted.
pub(crate) fn common_multiple(a: u64, b: u64) -> Option<u64> {
    (a / greatest_common_divisor(a, b).max(1)).checked_mul(b)
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
