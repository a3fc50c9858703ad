//! From the bytes of a file to the pixels of an image.

use super::{Image, ImageSize};
use crate::error::{Error, Result};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, metadata};
use std::io::Cursor;
use std::path::Path;

/// What files are read into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Which channels images have afterwards.
    pub channels: Channels,
    /// Whether images are turned.
    pub orientation: Orientation,
    /// What is too large.
    pub limits: Limits,
}

/// The channels of images that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channels {
    /// Grey or colour, as the file has it.
    #[default]
    AsStored,
    /// One channel; colour becomes grey with the weights of ITU-R 601-2.
    Grey,
    /// Red, green and blue; grey becomes three equal channels.
    Rgb,
}

/// What becomes of images whose file says that the camera was turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// The pixels stay as they are stored, as with Pillow and torchvision.
    #[default]
    AsStored,
    /// The image is turned and mirrored as its EXIF data say.
    Exif,
}

/// Files that claim more are refused before memory is taken for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels.
    pub pixels: u64,
}

impl Default for Limits {
    /// Pillow's: a quarter of a gibibyte of 24-bit pixels, twice.
    fn default() -> Self {
        Self { pixels: 178_956_970 }
    }
}

/// Reads and decodes a file.
///
/// # Errors
/// When it cannot be read or decoded, or is too large; the message has the path.
pub fn read(path: &Path, reading: &Reading) -> Result<Image> {
    let bytes = std::fs::read(path).map_err(|error| Error::io("read", path, &error))?;
    decode(&bytes, reading).map_err(|reason| Error::failed(format!("cannot decode `{}`: {reason}", path.display())))
}

/// Decodes a JPEG, PNG, BMP, GIF or WebP file; its content says which of them it is.
///
/// # Errors
/// The reason, when it is none of them, broken or too large.
pub fn decode(bytes: &[u8], reading: &Reading) -> std::result::Result<Image, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    if !reader.format().is_some_and(is_supported) {
        return Err("it is no JPEG, PNG, BMP, GIF or WebP image".into());
    }
    reader.no_limits();
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > reading.limits.pixels {
        let limit = reading.limits.pixels;
        return Err(format!("it claims {width} by {height} pixels, and the limit is {limit} pixels"));
    }
    let orientation = match reading.orientation {
        Orientation::AsStored => metadata::Orientation::NoTransforms,
        Orientation::Exif => decoder.orientation().map_err(|error| error.to_string())?,
    };
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    image.apply_orientation(orientation);
    let grey = !image.color().has_color();
    let size = |channels| ImageSize { height: image.height() as usize, width: image.width() as usize, channels };
    let (size, pixels) = match (reading.channels, grey) {
        (Channels::AsStored | Channels::Grey, true) => (size(1), image.into_luma8().into_raw()),
        (Channels::AsStored | Channels::Rgb, false) | (Channels::Rgb, true) => (size(3), image.into_rgb8().into_raw()),
        (Channels::Grey, false) => (size(1), image.into_rgb8().pixels().map(|pixel| luma(pixel.0)).collect()),
    };
    Image::new(size, pixels).map_err(|error| error.to_string())
}

/// Whether files of this format are decoded.
pub(crate) fn is_supported(format: ImageFormat) -> bool {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    [Jpeg, Png, Bmp, Gif, WebP].contains(&format)
}

/// Grey as Pillow has it: the weights of ITU-R 601-2 in 65536ths, which sum to 65536.
pub(crate) fn luma([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 32_768;
    u8::try_from(sum >> 16).unwrap_or(u8::MAX)
}
