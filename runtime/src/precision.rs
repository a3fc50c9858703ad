//! In which numbers a network computes.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::marker::PhantomData;
use tch::{Kind, Tensor};

/// The numbers in which convolutions and linear layers compute.
///
/// Variables keep their type, which is float32 unless somebody has changed it; so do their gradients, the state of
/// optimizers and the statistics of batch normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum Precision {
    /// Those of the variables.
    #[default]
    Float32,
    /// bfloat16, which has float32's range and 8 bits of its 24; sums are float32. What PyTorch's `torch.autocast` does
    /// with `torch.bfloat16`, on every device. Variables of another type than float32 are left as they are.
    BFloat16,
}

thread_local! {
    static CURRENT: Cell<Precision> = const { Cell::new(Precision::Float32) };
}

impl Precision {
    /// From here on the layers that this thread runs compute so, until what is returned is dropped.
    ///
    /// ```
    /// use googlenetc_runtime::precision::Precision;
    ///
    /// let lower = Precision::BFloat16.enter();
    /// // A network's forward pass; the backward pass does what the forward pass did, and needs no such scope.
    /// drop(lower);
    /// ```
    #[must_use = "it lasts as long as what is returned"]
    pub fn enter(self) -> Scope {
        Scope { before: CURRENT.replace(self), of_one_thread: PhantomData }
    }

    /// That in which layers compute now, on this thread.
    pub fn current() -> Self {
        CURRENT.get()
    }
}

/// A stretch of one thread's work with a precision of its own.
#[derive(Debug)]
pub struct Scope {
    before: Precision,
    of_one_thread: PhantomData<*const ()>,
}

impl Drop for Scope {
    fn drop(&mut self) {
        CURRENT.set(self.before);
    }
}

/// `value` in bfloat16 if it is in float32; PyTorch's autocast too leaves float64 alone.
pub(crate) fn lowered(value: &Tensor) -> Tensor {
    if value.kind() == Kind::Float { value.to_kind(Kind::BFloat16) } else { value.shallow_clone() }
}

/// `value` in float32 if it is in bfloat16.
pub(crate) fn widened(value: &Tensor) -> Tensor {
    if value.kind() == Kind::BFloat16 { value.to_kind(Kind::Float) } else { value.shallow_clone() }
}
