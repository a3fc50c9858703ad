//! The weight and bias of a layer, in the numbers in which it computes.

use crate::precision::{Precision, lowered};
use std::cell::RefCell;
use tch::{Device, Kind, Tensor};

/// What a convolution and a linear layer have in common.
#[derive(Debug)]
pub(super) struct Weights {
    weight: Tensor,
    bias: Option<Tensor>,
    lowered: RefCell<Option<Lowered>>,
}

/// Both in bfloat16.
#[derive(Debug)]
struct Lowered {
    weight: Tensor,
    bias: Option<Tensor>,
    /// What they were made of: weight, bias.
    origins: [Option<Origin>; 2],
}

/// Tells whether numbers that were made of a variable are still its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    address: usize,
    /// libtorch counts how often a tensor is changed in its place.
    version: i64,
    /// Whether gradients go back through them.
    recorded: bool,
}

/// The weight of a convolution in the order of memory in which libtorch would put it again and again, because images lie so too; other weights
/// as they are.
fn channels_last(weight: &Tensor) -> Tensor {
    if weight.dim() == 4 {
        weight.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])
    } else {
        weight.shallow_clone()
    }
}

impl Weights {
    pub(super) fn new(weight: Tensor, bias: Option<Tensor>) -> Self {
        Self { weight, bias, lowered: RefCell::new(None) }
    }

    /// Hands input, weight and bias to `layer`, all in the numbers in which one computes now.
    pub(super) fn apply(&self, x: &Tensor, layer: impl FnOnce(&Tensor, &Tensor, Option<&Tensor>) -> Tensor) -> Tensor {
        if Precision::current() == Precision::Float32 || self.weight.kind() != Kind::Float {
            return layer(x, &self.weight, self.bias.as_ref());
        }
        let (weight, bias) = self.lowered();
        layer(&lowered(x), &weight, bias.as_ref())
    }

    /// Made once for each step of an optimizer, and once for all that comes after the last.
    fn lowered(&self) -> (Tensor, Option<Tensor>) {
        let recording = gradients_are_recorded();
        let origin = |variable: &Tensor| Origin::of(variable, recording);
        let origins = [Some(origin(&self.weight)), self.bias.as_ref().map(origin)];
        let mut cache = self.lowered.borrow_mut();
        let known = cache.take().filter(|known| known.origins == origins);
        let Lowered { weight, bias, .. } = cache.insert(known.unwrap_or_else(|| Lowered {
            weight: channels_last(&lowered(&self.weight)),
            bias: self.bias.as_ref().map(lowered),
            origins,
        }));
        (weight.shallow_clone(), bias.as_ref().map(Tensor::shallow_clone))
    }
}

impl Origin {
    fn of(variable: &Tensor, recording: bool) -> Self {
        Self {
            address: variable.data_ptr().addr(),
            version: variable.internal_version(),
            recorded: recording && variable.requires_grad(),
        }
    }
}

thread_local! {
    static TRAINABLE: Tensor = Tensor::zeros([], (Kind::Float, Device::Cpu)).set_requires_grad(true);
}

/// Whether this thread records what gradients need. tch can set that and does not tell it, but results do.
fn gradients_are_recorded() -> bool {
    TRAINABLE.with(|value| value.neg().requires_grad())
}
