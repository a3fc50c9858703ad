//! What a network sees in an image file.

use crate::batch::{logits_of, prediction, tensors};
use crate::data::decode::{Reading, read};
use crate::data::{Batch, Transform};
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe};
use rand::SeedableRng;
use std::path::Path;
use tch::{Device, Kind};

/// A class and the probability that the network gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The number of the class.
    pub class: usize,
    /// Between 0 and 1.
    pub probability: f64,
}

/// The `top` likeliest classes of the image in `path`, the likeliest first. The network lies on `device`.
///
/// # Errors
/// When the file cannot be read as an image, or cannot be fed to the network.
pub fn predict<N: Network>(
    network: &N,
    device: Device,
    transform: &Transform,
    path: &Path,
    top: usize,
) -> Result<Vec<Guess>> {
    let image = read(path, &Reading::default())?;
    let mut images = Vec::new();
    transform.apply(&image, &mut rand_chacha::ChaCha8Rng::seed_from_u64(0), &mut images)?;
    let _guard = tch::no_grad_guard();
    let (images, _) = tensors::<N>(&Batch { images, ..Batch::default() }, device);
    let output = network.forward(&images, Mode::INFERENCE, &Probe::silent());
    let probabilities = prediction::<N>(&logits_of::<N>(&output, &images)?)?.to_device(Device::Cpu);
    let probabilities = probabilities.softmax(-1, Kind::Double).view(-1);
    let probabilities = Vec::<f64>::try_from(probabilities).map_err(|e| Error::failed(format!("libtorch: {e}")))?;
    let mut guesses: Vec<Guess> =
        probabilities.into_iter().enumerate().map(|(class, probability)| Guess { class, probability }).collect();
    guesses.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    guesses.truncate(top);
    Ok(guesses)
}
