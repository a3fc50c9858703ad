//! Mean and standard deviation of the pixels of a data set.

use super::random::{Purpose, generator};
use super::transform::convert_channels;
use super::{Image, Normalisation, OnBadImage, Source, Transform};
use crate::error::{Error, Result};
use serde::Serialize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What the pixels of a data set are like, on the scale from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistics {
    /// How many images there were, without those that were skipped.
    pub images: usize,
    /// How many pixels they had in all.
    pub pixels: u64,
    /// The mean of each channel over all pixels.
    pub mean: Vec<f64>,
    /// The standard deviation of each channel over all pixels.
    pub std: Vec<f64>,
}

impl Statistics {
    /// What gives these pixels mean 0 and standard deviation 1. A channel of a single value is only moved.
    pub fn normalisation(&self) -> Normalisation {
        #[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
        let single = |values: &[f64]| values.iter().map(|&value| value as f32).collect();
        let std: Vec<f64> = self.std.iter().map(|&std| if std > 0.0 { std } else { 1.0 }).collect();
        Normalisation::new(single(&self.mean), single(&std))
    }
}

/// Measures every image of `source`, as `pixels_of` makes it of the image and its number, with this many threads.
/// After each image `progress` is told how many are done.
///
/// Sums are of whole numbers, so neither the threads nor the order change the last digit.
///
/// # Errors
/// When an image cannot be read; it is the first of those in the data set.
pub fn measure(
    source: &dyn Source,
    channels: usize,
    workers: usize,
    on_bad_image: OnBadImage,
    pixels_of: impl Fn(&Image, usize) -> Result<Image> + Sync,
    progress: impl Fn(usize) + Sync,
) -> Result<Statistics> {
    let images = source.labels().len();
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        let mut sums = Sums::new(channels);
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= images {
                break;
            }
            let image = source.image(index);
            if image.is_err() && on_bad_image == OnBadImage::Skip {
                sums.skipped += 1;
            } else if let Err(e) = image.and_then(|image| sums.add(&pixels_of(&image, index)?)) {
                stop.store(true, Ordering::Relaxed);
                return Err((index, e));
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        Ok(sums)
    };
    let results: Vec<std::result::Result<Sums, (usize, Error)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.clamp(1, images.max(1))).map(|_| scope.spawn(work)).collect();
        let died = |_| Err((usize::MAX, Error::failed("a thread that reads images has died; its message is above")));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(died)).collect()
    });
    let mut total = Sums::new(channels);
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(sums) => total.merge(&sums),
            Err(error) => errors.push(error),
        }
    }
    // Images are begun in order, and what is begun is finished, so the first that fails is among them.
    match errors.into_iter().min_by_key(|(index, _)| *index) {
        Some((_, error)) => Err(error),
        None => Ok(total.statistics(images - total.skipped)),
    }
}

/// The statistics of the pixels as they are, for a network with this many channels.
///
/// # Errors
/// When an image cannot be read, or cannot be fed to that many channels.
pub fn of_pixels(
    source: &dyn Source,
    channels: usize,
    workers: usize,
    on_bad_image: OnBadImage,
    progress: impl Fn(usize) + Sync,
) -> Result<Statistics> {
    let convert = |image: &Image, _| Ok(convert_channels(image, channels)?.into_owned());
    measure(source, channels, workers, on_bad_image, convert, progress)
}

/// The statistics of the pixels that `transform` makes of the images, before it normalises them.
///
/// # Errors
/// When an image cannot be read or transformed.
pub fn of_input(
    source: &dyn Source,
    transform: &Transform,
    workers: usize,
    on_bad_image: OnBadImage,
    progress: impl Fn(usize) + Sync,
) -> Result<Statistics> {
    let picture =
        |image: &Image, index| transform.picture(image, &mut generator(0, 0, index as u64, Purpose::Augmentation));
    measure(source, transform.size().channels, workers, on_bad_image, picture, progress)
}

/// Sums of bytes and of their squares, per channel.
struct Sums {
    skipped: usize,
    pixels: u64,
    values: Vec<u64>,
    squares: Vec<u64>,
}

impl Sums {
    fn new(channels: usize) -> Self {
        Self { skipped: 0, pixels: 0, values: vec![0; channels], squares: vec![0; channels] }
    }

    fn add(&mut self, image: &Image) -> Result<()> {
        let channels = self.values.len();
        if image.size().channels != channels {
            return Err(Error::failed(format!("{} channels are not {channels}", image.size().channels)));
        }
        let pixels = image.pixels().chunks_exact(channels);
        self.pixels += pixels.len() as u64;
        for pixel in pixels {
            for ((&value, sum), square) in pixel.iter().zip(&mut self.values).zip(&mut self.squares) {
                *sum += u64::from(value);
                *square += u64::from(value).pow(2);
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: &Self) {
        self.skipped += other.skipped;
        self.pixels += other.pixels;
        self.values.iter_mut().zip(&other.values).for_each(|(sum, other)| *sum += other);
        self.squares.iter_mut().zip(&other.squares).for_each(|(square, other)| *square += other);
    }

    #[expect(clippy::cast_precision_loss, reason = "the differences are formed in whole numbers")]
    fn statistics(&self, images: usize) -> Statistics {
        let n = self.pixels.max(1) as f64;
        let mean = self.values.iter().map(|&sum| sum as f64 / n / 255.0).collect();
        let std = self.values.iter().zip(&self.squares).map(|(&sum, &squares)| {
            // n² times the variance, which is never negative.
            let spread = (u128::from(self.pixels) * u128::from(squares)).saturating_sub(u128::from(sum).pow(2));
            (spread as f64).sqrt() / n / 255.0
        });
        Statistics { images, pixels: self.pixels, mean, std: std.collect() }
    }
}
