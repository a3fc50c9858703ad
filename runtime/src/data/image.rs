//! One image in memory.

use super::ImageSize;
use crate::error::{Error, Result};

/// The pixels of one image as bytes, in the order rows, columns, channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    size: ImageSize,
    pixels: Vec<u8>,
}

impl Image {
    /// An image of `size` with these pixels, rows, columns, channels.
    ///
    /// # Errors
    /// When there are more or fewer bytes than `size` says, or none.
    pub fn new(size: ImageSize, pixels: Vec<u8>) -> Result<Self> {
        let ImageSize { height, width, channels } = size;
        if pixels.is_empty() || pixels.len() != size.bytes() {
            let given = pixels.len();
            return Err(Error::failed(format!(
                "an image of {height} rows, {width} columns and {channels} channels cannot have {given} bytes"
            )));
        }
        Ok(Self { size, pixels })
    }

    /// Rows, columns and channels.
    pub fn size(&self) -> ImageSize {
        self.size
    }

    /// The bytes: rows, columns, channels.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes, to be changed in place.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// The bytes alone.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }
}

/// How light a pixel is: the weights of ITU-R 601-2, in 65536ths as Pillow has them. A pixel of one channel is as light as it says.
pub(super) fn luma(pixel: &[u8]) -> u8 {
    let &[red, green, blue] = pixel else { return pixel.first().copied().unwrap_or(0) };
    // The weights sum to 65536, so the result fits.
    let sum = 19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 32_768;
    u8::try_from(sum >> 16).unwrap_or(u8::MAX)
}
