//! What a network sees in images.

use crate::batch::{logits_of, prediction, tensors};
use crate::data::BadImages;
use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe};
use crate::pass::Pass;
use tch::{Device, Kind};

/// What a network sees in one image.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// The number of the image, from 0.
    pub image: usize,
    /// The likeliest classes, the likeliest first; of equally likely ones, the one with the lower number.
    pub guesses: Vec<Guess>,
}

/// A class and the probability that the network gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Guess {
    /// The number of the class.
    pub class: usize,
    /// Between 0 and 1.
    pub probability: f64,
}

/// Hands the `top` likeliest classes of each image to `found`, batch by batch, in the order of the images. The network lies on
/// `device`.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::decode::Reading;
/// use googlenetc_runtime::data::{BadImages, ImageSize, Preparation, Unlabelled};
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::evaluate::Pace;
/// use googlenetc_runtime::network::Network;
/// use googlenetc_runtime::pass::Pass;
/// use googlenetc_runtime::predict::predict;
/// use googlenetc_runtime::tch::Device;
/// use std::path::Path;
/// use std::sync::Arc;
///
/// /// Prints the likeliest class of each image in the folder `photos`.
/// fn classify<N: Network>(network: &N, preparation: &Preparation) -> Result<()> {
///     let mut photos = Unlabelled::new(Reading::default());
///     photos.add(Path::new("photos"))?;
///     let photos = Arc::new(photos);
///     let transform = Arc::new(preparation.transform(ImageSize { height: 224, width: 224, channels: 3 })?);
///     let pass = Pass { source: photos.clone(), transform, pace: Pace { batch_size: 32, workers: 4 } };
///     predict(network, Device::Cpu, &pass, 1, &mut BadImages::default(), &mut |predictions| {
///         for prediction in predictions {
///             println!("{}: {}", photos.title(prediction.image), prediction.guesses[0].class);
///         }
///         Ok(())
///     })
/// }
/// ```
///
/// # Errors
/// When an image cannot be read and is not to be skipped, when none is left or can be fed to the network, or when `found` fails.
pub fn predict<N: Network>(
    network: &N,
    device: Device,
    images: &Pass,
    top: usize,
    bad_images: &mut BadImages,
    found: &mut dyn FnMut(Vec<Prediction>) -> Result<()>,
) -> Result<()> {
    let _guard = tch::no_grad_guard();
    images.go(bad_images, &mut |numbers, batch| {
        let (input, _) = tensors::<N>(batch, device);
        let output = network.forward(&input, Mode::INFERENCE, &Probe::silent());
        let logits = prediction::<N>(&logits_of::<N>(&output, &input)?)?.to_device(Device::Cpu);
        let columns = logits.size().last().and_then(|&columns| usize::try_from(columns).ok()).unwrap_or(0);
        let probabilities = Vec::<f64>::try_from(logits.softmax(-1, Kind::Double).reshape(-1));
        let probabilities = probabilities.map_err(|e| Error::failed(format!("libtorch: {e}")))?;
        let rows = numbers.iter().zip(probabilities.chunks(columns.max(1)));
        found(rows.map(|(&image, row)| Prediction { image, guesses: likeliest(row, top) }).collect())
    })
}

fn likeliest(probabilities: &[f64], top: usize) -> Vec<Guess> {
    let guesses = probabilities.iter().enumerate();
    let mut guesses: Vec<Guess> = guesses.map(|(class, &probability)| Guess { class, probability }).collect();
    guesses.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    guesses.truncate(top);
    guesses
}
