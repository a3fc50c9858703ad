//! The tensors that operations own.

use serde::Serialize;

use super::product;

/// A tensor that an operation owns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variable {
    /// Its name below the operation's scope: `weight`.
    pub name: String,
    /// Its sizes, in PyTorch's order.
    pub shape: Vec<u64>,
    /// Whether training changes it by gradient; running statistics are not trainable, and not counted as parameters.
    pub trainable: bool,
    /// How fast it trains beside the others; not written when it trains as they do.
    #[serde(flatten, skip_serializing_if = "Rates::is_usual")]
    pub rates: Rates,
}

/// Multipliers of the learning rate and of the weight decay, as Caffe's `lr_mult` and `decay_mult`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// Of the learning rate.
    pub lr: f64,
    /// Of the weight decay.
    pub decay: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Self { lr: 1.0, decay: 1.0 }
    }
}

impl Rates {
    /// Whether both are 1.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Variable {
    pub(super) fn trainable(name: &str, shape: Vec<u64>) -> Self {
        Self { name: name.into(), shape, trainable: true, rates: Rates::default() }
    }

    pub(super) fn buffer(name: &str, shape: Vec<u64>) -> Self {
        Self { trainable: false, ..Self::trainable(name, shape) }
    }

    pub(super) fn at(self, rates: Rates) -> Self {
        Self { rates, ..self }
    }

    /// How many numbers it holds, or `None` when no 64-bit signed count can hold it.
    pub fn elements(&self) -> Option<u64> {
        product(self.shape.iter().copied())
    }
}
