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
