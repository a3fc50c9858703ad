//! What networks with one head have in common.

use googlenetc_runtime::network::{Head, Heads, Phase};
use googlenetc_runtime::tch::Tensor;

#[derive(Debug)]
pub(crate) struct Logits(pub(crate) Tensor);

impl Heads for Logits {
    fn logits(&self) -> Vec<Option<&Tensor>> {
        vec![Some(&self.0)]
    }
}

/// The head `main`, in training and otherwise.
pub(crate) const MAIN: &[Head] = &[Head { name: "main", weight: 1.0, phase: Phase::Always }];
