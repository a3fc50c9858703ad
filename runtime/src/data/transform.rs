//! From the bytes of an image to the numbers that a network takes.

use super::{Image, ImageSize, Source};
use crate::error::{Error, Result};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Subtracted from and divided into values between 0 and 1, per channel of the network's input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// The mean of each channel.
    pub mean: Vec<f32>,
    /// The standard deviation of each channel.
    pub std: Vec<f32>,
}

impl Normalisation {
    /// Gives the pixels of `source` mean 0 and standard deviation 1 in every channel of a network with `channels`. Reads every image.
    ///
    /// # Errors
    /// When images cannot be read, or cannot be fed to that many channels.
    pub fn of(source: &dyn Source, channels: usize) -> Result<Self> {
        // Whole numbers, so that the order in which images come changes nothing.
        let (mut count, mut sums, mut squares) = (0_u64, vec![0_u64; channels], vec![0_u64; channels]);
        for index in 0..source.labels().len() {
            let image = source.image(index)?;
            let pixels = convert_channels(image.pixels(), image.size().channels, channels)?;
            count += (image.size().height * image.size().width) as u64;
            for pixel in pixels.chunks_exact(channels) {
                for ((&value, sum), square) in pixel.iter().zip(&mut sums).zip(&mut squares) {
                    *sum += u64::from(value);
                    *square += u64::from(value).pow(2);
                }
            }
        }
        let (mut mean, mut std) = (Vec::new(), Vec::new());
        for (sum, square) in sums.into_iter().zip(squares) {
            let (average, deviation) = moments(count, sum, square);
            mean.push(average);
            std.push(deviation);
        }
        Ok(Self { mean, std })
    }
}

/// Mean and standard deviation of `count` bytes divided by 255, from the bytes' sum and the sum of their squares.
#[expect(clippy::cast_precision_loss, reason = "the differences are formed in whole numbers")]
#[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is meant")]
fn moments(count: u64, sum: u64, squares: u64) -> (f32, f32) {
    let n = u128::from(count.max(1));
    // n² times the variance, which is never negative.
    let spread = (n * u128::from(squares)).saturating_sub(u128::from(sum).pow(2));
    let n = n as f64;
    // Images of a single colour have no deviation, and nothing to divide by.
    let deviation = if spread > 0 { (spread as f64).sqrt() / n / 255.0 } else { 1.0 };
    ((sum as f64 / n / 255.0) as f32, deviation as f32)
}

/// How images become input: channels, bilinear resize, an optional random shift, normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// The size of the network's input.
    pub size: ImageSize,
    /// Applied last.
    pub normalisation: Normalisation,
    /// Augmentation: images move by up to this share of their height and width. 0 is none.
    pub shift: f64,
}

impl Transform {
    /// Appends the image as floats, rows, columns, channels. `random` is drawn from only if there is a shift.
    ///
    /// # Errors
    /// When the image cannot be resized or its channels do not go with the network's.
    pub fn apply(&self, image: &Image, random: &mut impl Rng, out: &mut Vec<f32>) -> Result<()> {
        let size = image.size();
        let image = convert_channels(image.pixels(), size.channels, self.size.channels)?;
        let mut image = resize(&image, ImageSize { channels: self.size.channels, ..size }, self.size)?;
        if self.shift > 0.0 {
            let rows = draw_shift(self.size.height, self.shift, random);
            let columns = draw_shift(self.size.width, self.shift, random);
            image = move_image(&image, self.size, rows, columns);
        }
        let Normalisation { mean, std } = &self.normalisation;
        for pixel in image.chunks_exact(self.size.channels) {
            out.extend(pixel.iter().zip(mean).zip(std).map(|((&v, mean), std)| (f32::from(v) / 255.0 - mean) / std));
        }
        Ok(())
    }
}

/// Grey becomes three equal channels; colour becomes grey with the weights of ITU-R 601, as in Pillow.
fn convert_channels(pixels: &[u8], from: usize, to: usize) -> Result<Vec<u8>> {
    match (from, to) {
        _ if from == to => Ok(pixels.to_vec()),
        (1, 3) => Ok(pixels.iter().flat_map(|&grey| [grey; 3]).collect()),
        (3, 1) => Ok(pixels.chunks_exact(3).map(|rgb| luma(rgb[0], rgb[1], rgb[2])).collect()),
        _ => Err(Error::failed(format!("images of {from} channels cannot be fed to a network of {to} channels"))),
    }
}

fn luma(red: u8, green: u8, blue: u8) -> u8 {
    // Pillow's weights, in 65536ths; they sum to 65536, so the result fits.
    let sum = 19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 32_768;
    u8::try_from(sum >> 16).unwrap_or(u8::MAX)
}

fn resize(image: &[u8], from: ImageSize, to: ImageSize) -> Result<Vec<u8>> {
    if (from.height, from.width) == (to.height, to.width) {
        return Ok(image.to_vec());
    }
    match to.channels {
        1 => resize_pixels::<U8>(image, from, to),
        3 => resize_pixels::<U8x3>(image, from, to),
        channels => Err(Error::failed(format!("images of {channels} channels cannot be resized, only of 1 or 3"))),
    }
}

/// For one type of pixel: the library's own choice at run time would compile its code for every type that there is.
fn resize_pixels<P: PixelTrait>(image: &[u8], from: ImageSize, to: ImageSize) -> Result<Vec<u8>> {
    let failed =
        |e: &dyn std::fmt::Display| Error::failed(format!("an image of {from:?} cannot be resized to {to:?}: {e}"));
    let side = |pixels: usize| u32::try_from(pixels).map_err(|e| failed(&e));
    let source = TypedImageRef::<P>::from_buffer(side(from.width)?, side(from.height)?, image);
    let source = source.map_err(|e| failed(&e))?;
    let mut bytes = vec![0; to.bytes()];
    let target = TypedImage::<P>::from_buffer(side(to.width)?, side(to.height)?, &mut bytes);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize_typed(&source, &mut target.map_err(|e| failed(&e))?, &options).map_err(|e| failed(&e))?;
    Ok(bytes)
}

/// A number of pixels, evenly from -share to share of `side`.
fn draw_shift(side: usize, share: f64, random: &mut impl Rng) -> isize {
    #[expect(clippy::cast_precision_loss, reason = "sides of images are small")]
    #[expect(clippy::cast_possible_truncation, reason = "shares are at most 1, and sides fit 32 bits")]
    let most = (side as f64 * share.min(1.0)).round() as i32;
    // Drawn in 32 bits, so that every machine draws the same.
    random.random_range(-most..=most) as isize
}

/// Moves the image down and right (up and left if negative); its edge pixels fill what becomes free.
fn move_image(image: &[u8], size: ImageSize, down: isize, right: isize) -> Vec<u8> {
    let source = |i: usize, by: isize, side: usize| i.saturating_add_signed(-by).min(side - 1);
    let mut moved = Vec::with_capacity(image.len());
    for row in 0..size.height {
        for column in 0..size.width {
            let pixel = source(row, down, size.height) * size.width + source(column, right, size.width);
            moved.extend_from_slice(&image[pixel * size.channels..(pixel + 1) * size.channels]);
        }
    }
    moved
}
