//! Optimizers, schedules, averages and losses against PyTorch 2.13 (`tests/data/training.json`).
//!
//! Double precision agrees to 1e-12, relative to 1 or to the value if that is larger; single precision to a few units in the
//! last place, because PyTorch adds a multiple without rounding the product first.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "the differences, with `--nocapture`")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../one_head/mod.rs"]
mod one_head;

mod averages;
mod curves;
mod frozen;
mod gradients;
mod optimizers;
mod schedules;

use googlenetc_runtime::tch::{Kind, Tensor};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::LazyLock;

static TRUTH: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("../data/training.json")).unwrap());

/// The rows of a part of the truth.
fn rows(part: &str) -> &'static [Value] {
    TRUTH[part].as_array().unwrap()
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// What the truth's script fills tensor `k` with.
fn values(k: i64, shape: &[i64], scale: f64, kind: Kind) -> Tensor {
    let count: i64 = shape.iter().product();
    #[expect(clippy::cast_precision_loss, reason = "below 10007")]
    let number = |i: i64| (((i + 1) * 7919 + (k + 1) * 104_729 + i * i * 31) % 10007) as f64 / 10007.0 - 0.5;
    let numbers: Vec<f64> = (0..count).map(number).collect();
    (Tensor::from_slice(&numbers) * scale).view(shape).to_kind(kind)
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.detach().to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}

/// The largest difference of two lists, relative to their numbers where these are larger than 1.
#[track_caller]
fn difference(ours: &[f64], theirs: &[f64]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().all(|number| number.is_finite()), "{ours:?}");
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / b.abs().max(1.0)).fold(0.0, f64::max)
}
