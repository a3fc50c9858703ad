//! The formula that fills parameters and input: the same numbers in any language, and no file of weights.

use googlenetc::layout::Key;
use googlenetc_runtime::tch::Tensor;

/// The seed of all of `data/parity`.
pub(crate) const SEED: u64 = 1;

/// Number `i` of tensor `k` of a state dict, from 0 to 1; the input is tensor -1.
pub(crate) fn uniform(seed: u64, k: i64, i: u64) -> f64 {
    let mut z = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add((k + 1).cast_unsigned().wrapping_mul(0xD1B5_4A32_D192_ED03))
        .wrapping_add((i + 1).wrapping_mul(0x8CB9_2BA7_2F3D_8DD7));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let u = (z >> 11) as f64 * (f64::EPSILON / 2.0);
    u
}

/// The same from -1 to 1.
fn signed(k: i64, i: u64) -> f64 {
    2.0 * uniform(SEED, k, i) - 1.0
}

/// The values of the tensor at place `k` of these keys.
pub(crate) fn parameter(keys: &[Key], k: usize) -> Tensor {
    let Key { key, shape, .. } = &keys[k];
    let (scope, name) = key.rsplit_once('.').expect("a key has a scope");
    let is_norm = keys.iter().any(|key| key.key.strip_suffix(".running_mean") == Some(scope));
    let count: u64 = shape.iter().product();
    #[expect(clippy::cast_precision_loss, reason = "fans are small")]
    let fan_in = (count / shape[0]) as f64;
    let k = i64::try_from(k).expect("a place fits");
    let (offset, factor) = match (name, is_norm) {
        ("weight", false) => (0.0, (6.0 / fan_in).sqrt()),
        ("bias", false) => (0.0, 0.05),
        ("weight", true) => (1.0, 0.2),
        ("running_var", true) => (1.0, 0.5),
        _ => (0.0, 0.1),
    };
    // Variances alone are never below what they are around.
    let of: fn(i64, u64) -> f64 = if name == "running_var" { |k, i| uniform(SEED, k, i) } else { signed };
    let mut values = Vec::new();
    for i in 0..count {
        values.push(offset + factor * of(k, i));
    }
    let sizes: Vec<i64> = shape.iter().map(|&size| i64::try_from(size).expect("a size fits")).collect();
    Tensor::from_slice(&values).view(&sizes[..])
}

/// The input `[2, channels, height, width]`.
pub(crate) fn input([channels, height, width]: [i64; 3]) -> Tensor {
    let mut values = Vec::new();
    let mut i = 0;
    for _ in 0..2 {
        for c in 0..channels {
            for h in 0..height {
                for w in 0..width {
                    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
                    let [c, h, w, height, width] = [c, h, w, height, width].map(|size| size as f64);
                    values.push(signed(-1, i) + h / height - 0.5 * (w / width) + 0.25 * c);
                    i += 1;
                }
            }
        }
    }
    Tensor::from_slice(&values).view([2, channels, height, width])
}

/// The labels of the two samples.
pub(crate) fn labels(classes: i64) -> Tensor {
    Tensor::from_slice(&[0, 1].map(|sample| (7 * sample + 3) % classes))
}
