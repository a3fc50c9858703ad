//! Randomness that depends on what it is for, and on nothing else.

#[cfg(feature = "torch")]
use rand::Rng;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// What random numbers are drawn for. Different purposes never share a sequence.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Order = 1,
    Augmentation = 2,
    #[cfg(feature = "torch")]
    Step = 3,
}

/// The generator for image `index` in `epoch`, the same on every machine and in every thread.
pub(crate) fn generator(seed: u64, epoch: u64, index: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut key = [0; 32];
    for (bytes, number) in key.chunks_exact_mut(8).zip([seed, epoch, index, purpose as u64]) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// The numbers below `n` in an order that depends on `seed` and `epoch` alone.
pub fn permutation(n: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut generator(seed, epoch, 0, Purpose::Order));
    order
}

/// What seeds libtorch's generator for step `step` of a training run.
#[cfg(feature = "torch")]
pub(crate) fn seed_of_step(seed: u64, step: usize) -> i64 {
    generator(seed, 0, step as u64, Purpose::Step).next_u64().cast_signed()
}
