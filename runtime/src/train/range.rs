//! Numbers of recipes, and which of them make sense.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Above 0.
pub(super) fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    number(deserializer, |n| n > 0.0 && n.is_finite(), "must be a number above 0")
}

/// 0 or more.
pub(super) fn not_negative<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    number(deserializer, |n| n >= 0.0 && n.is_finite(), "must be a number, and not below 0")
}

/// From 0, and below 1.
pub(super) fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    number(deserializer, |n| (0.0..1.0).contains(&n), "must be a number from 0 and below 1")
}

/// From 0 to 1.
pub(super) fn up_to_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    number(deserializer, |n| (0.0..=1.0).contains(&n), "must be a number from 0 to 1")
}

/// Two numbers, each from 0, and below 1.
pub(super) fn shares<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[f64; 2], D::Error> {
    let both = <[f64; 2]>::deserialize(deserializer)?;
    let fine = both.iter().all(|n| (0.0..1.0).contains(n));
    if fine { Ok(both) } else { Err(D::Error::custom("must be two numbers from 0 and below 1")) }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D, allowed: fn(f64) -> bool, what: &str) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if allowed(value) { Ok(value) } else { Err(D::Error::custom(what)) }
}
