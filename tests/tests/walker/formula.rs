//! Values that follow from a name, so that two programs have the same, and numbers that stand for a whole tensor.
//!
//! The crate of generated networks has this file too, as it is.
#![allow(clippy::cast_precision_loss, reason = "tensors are small")]

/// The values of a variable or an input, in the order of its elements: waves, whose size keeps what networks compute near 1.
pub(crate) fn values(name: &str, shape: &[i64]) -> Vec<f64> {
    let fan_in: i64 = shape.iter().skip(1).product();
    let (middle, size) = match (name.rsplit('.').next(), shape) {
        (Some("running_var"), _) | (Some("weight"), [_]) => (1.0, 0.5),
        (Some("weight"), _) => (0.0, (4.0 / fan_in.max(1) as f64).sqrt()),
        (Some("input"), _) => (0.0, 2.0),
        _ => (0.0, 0.5),
    };
    // FNV-1a.
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let phase = (hash % 1_000_003) as f64;
    let count: i64 = shape.iter().product();
    (0..count).map(|index| middle + size * (phase + 1.7 * index as f64).sin()).collect()
}

/// The sum of values, their sum under weights that tell them apart, and the sum of their sizes.
pub(crate) fn fingerprint(values: &[f64]) -> [f64; 3] {
    let weighted = values.iter().enumerate().map(|(index, value)| value * (index as f64).cos()).sum();
    [values.iter().sum(), weighted, values.iter().map(|value| value.abs()).sum()]
}
