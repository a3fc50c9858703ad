//! What libtorch refuses, as errors.
//!
//! Generated code calls functions of tch that panic when libtorch throws an exception, because a network that was checked
//! gives it no reason to. Weights, inputs and devices from outside do: a size that no window fits into, memory that is used up.

use crate::error::{Error, Result};
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

/// How a panic of tch begins, and what libtorch says follows.
const BEGIN: &str = "called `Result::unwrap()` on an `Err` value: Torch(\"";

thread_local! {
    /// Whether this thread makes errors of refusals, so that nothing is written about the panic.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`, of which libtorch may refuse a part.
///
/// # Errors
/// When it does, with its reason.
pub(crate) fn attempt<T>(work: impl FnOnce() -> T) -> Result<T> {
    be_silent_about_refusals();
    let outer = EXPECTED.replace(true);
    // Nothing of what a forward pass leaves half done is used again.
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(outer);
    done.or_else(|panic| match reason(panic.as_ref()) {
        Some(reason) => Err(Error::failed(format!("libtorch: {reason}"))),
        None => resume_unwind(panic),
    })
}

/// Sets the hook that writes about panics to leave out those that become errors.
fn be_silent_about_refusals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            // A program that aborts on panic says everything now or never.
            if cfg!(panic = "abort") || !EXPECTED.get() || reason(panic.payload()).is_none() {
                usual(panic);
            }
        }));
    });
}

/// The first line of what libtorch said, if the panic is about that; the others are its own stack.
fn reason(panic: &(dyn Any + Send)) -> Option<String> {
    let (_, said) = panic.downcast_ref::<String>()?.split_once(BEGIN)?;
    // It is written as Rust's `Debug` writes strings.
    let line = said.split("\\n").next().unwrap_or(said);
    Some(line.trim_end_matches("\")").replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::attempt;
    use tch::{Device, Kind, Tensor};

    #[test]
    fn a_refusal_is_one_line() {
        let image = Tensor::zeros([1, 1, 4, 4], (Kind::Float, Device::Cpu));
        let error = attempt(|| image.max_pool2d([9, 9], [1, 1], [0, 0], [1, 1], false)).unwrap_err().to_string();
        assert!(error.starts_with("libtorch: ") && error.contains("Output size is too small"), "{error}");
        assert!(!error.contains('\n') && !error.contains("Exception raised"), "{error}");
        assert_eq!(attempt(|| 3).unwrap(), 3);
    }

    #[test]
    #[should_panic(expected = "a mistake of our own")]
    fn other_panics_go_on() {
        let _ = attempt(|| std::panic::panic_any("a mistake of our own"));
    }
}
