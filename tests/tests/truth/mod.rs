//! What PyTorch says about the seven networks (`data/parity`, `data/models`), and how a generated module is held against it.

pub(crate) mod comparison;
pub(crate) mod fill;
pub(crate) mod modules;
pub(crate) mod network;

use serde_json::Value;

/// A file below `tests/data` as JSON.
pub(crate) fn json(file: &str) -> Value {
    let text = googlenetc_tests::text(&format!("tests/data/{file}"));
    serde_json::from_str(&text).expect("the data is JSON")
}

/// The elements of a list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A number.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// A text.
pub(crate) fn word(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Sizes of a tensor.
pub(crate) fn sizes(value: &Value) -> Vec<i64> {
    list(value).iter().map(|size| size.as_i64().expect("a size")).collect()
}
