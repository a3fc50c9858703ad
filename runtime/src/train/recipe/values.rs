//! What may stand behind the keys of a recipe.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

pub(super) fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    checked(deserializer, |n| *n > 0, "must be at least 1")
}

pub(super) fn at_least_one_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    checked(deserializer, |n: &Option<usize>| *n != Some(0), "must be at least 1")
}

pub(super) fn learning_rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    checked(deserializer, |n| *n > 0.0 && *n <= 1000.0, "must be a number above 0 and at most 1000")
}

pub(super) fn weight_decay<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    checked(deserializer, |n| (0.0..=1000.0).contains(n), "must be a number from 0 to 1000")
}

pub(super) fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    checked(deserializer, |n| (0.0..1.0).contains(n), "must be a number from 0 and below 1")
}

pub(super) fn share_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let allowed = |share: &Option<f64>| share.is_none_or(|share| share > 0.0 && share < 1.0);
    checked(deserializer, allowed, "must be a number above 0 and below 1")
}

fn checked<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    allowed: impl Fn(&T) -> bool,
    what: &str,
) -> Result<T, D::Error> {
    let value = T::deserialize(deserializer)?;
    if allowed(&value) { Ok(value) } else { Err(D::Error::custom(what)) }
}
