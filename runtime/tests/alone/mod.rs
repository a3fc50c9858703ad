//! libtorch's generator of random numbers belongs to the whole process. Who trains, or makes a network, which draws its initial
//! weights, does so while no other test of the same program does.

use std::sync::{Mutex, MutexGuard, PoisonError};

static GENERATOR: Mutex<()> = Mutex::new(());

/// Waits until nobody else draws; others wait until what is returned is dropped.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}
