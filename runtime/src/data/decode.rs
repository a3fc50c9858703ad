//! From the bytes of a file to the pixels of an image.

mod gif;
mod jpeg;
mod other;

use super::image::luma;
use super::{Image, ImageSize};
use crate::error::{Error, Result};
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, metadata};
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
    /// The most bytes for an image as it is stored, and about what its decoder takes beside it.
    pub bytes: u64,
}

impl Default for Limits {
    /// 2 GiB, and Pillow's number of pixels: a quarter of a gibibyte of 24-bit pixels, twice.
    fn default() -> Self {
        Self { pixels: 178_956_970, bytes: 1 << 31 }
    }
}

impl Limits {
    /// Refuses an image of this size that takes `bytes` for each pixel.
    fn check(self, width: usize, height: usize, bytes: usize) -> std::result::Result<(), String> {
        let pixels = (width as u64).saturating_mul(height as u64);
        if pixels > self.pixels {
            return Err(format!("it claims {width} by {height} pixels, and the limit is {} pixels", self.pixels));
        }
        if pixels.saturating_mul(bytes as u64) > self.bytes {
            return Err(format!("its {width} by {height} pixels take more than the limit of {} bytes", self.bytes));
        }
        Ok(())
    }
}

/// What is stored in a file, without alpha.
struct Stored {
    /// 1 or 3 channels.
    size: ImageSize,
    pixels: Vec<u8>,
    orientation: Option<metadata::Orientation>,
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
/// * Palettes become their colours; fewer than 8 bits are spread over 0 to 255, and of 16 bits the high byte is taken.
/// * Transparency is ignored: pixels have the colour that is stored for them, as with Pillow's `convert("RGB")`.
/// * CMYK is taken to be inverted, as Adobe's programs store it, and becomes RGB with no colour profile.
/// * Of several frames the first is read.
///
/// # Errors
/// The reason, when it is none of them, cut off, broken or too large.
pub fn decode(bytes: &[u8], reading: &Reading) -> std::result::Result<Image, String> {
    let stored = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => jpeg::decode(bytes, reading.limits)?,
        Ok(ImageFormat::Gif) => gif::decode(bytes, reading.limits)?,
        Ok(format) if is_supported(format) => other::decode(bytes, format, reading.limits)?,
        _ => return Err("it is no JPEG, PNG, BMP, GIF or WebP image".into()),
    };
    let stored = match (reading.orientation, stored.orientation) {
        (Orientation::Exif, Some(orientation)) => turn(stored, orientation)?,
        (Orientation::Exif, None) | (Orientation::AsStored, _) => stored,
    };
    let ImageSize { channels, .. } = stored.size;
    let (channels, pixels) = match reading.channels {
        Channels::Rgb if channels == 1 => (3, stored.pixels.into_iter().flat_map(|grey| [grey; 3]).collect()),
        Channels::Grey if channels == 3 => (1, stored.pixels.chunks_exact(3).map(luma).collect()),
        Channels::AsStored | Channels::Grey | Channels::Rgb => (channels, stored.pixels),
    };
    Image::new(ImageSize { channels, ..stored.size }, pixels).map_err(|error| error.to_string())
}

/// The image turned and mirrored.
fn turn(stored: Stored, orientation: metadata::Orientation) -> std::result::Result<Stored, String> {
    let ImageSize { height, width, channels } = stored.size;
    let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(format!("{width} by {height} pixels cannot be turned"));
    };
    let image = if channels == 1 {
        GrayImage::from_raw(columns, rows, stored.pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(columns, rows, stored.pixels).map(DynamicImage::from)
    };
    let mut image = image.ok_or_else(|| format!("{width} by {height} pixels are not all there"))?;
    image.apply_orientation(orientation);
    let size = ImageSize { height: image.height() as usize, width: image.width() as usize, channels };
    Ok(Stored { size, pixels: image.into_bytes(), orientation: None })
}

/// Whether files of this format are decoded.
pub(crate) fn is_supported(format: ImageFormat) -> bool {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    [Jpeg, Png, Bmp, Gif, WebP].contains(&format)
}
