//! Data sets in memory, transforms, and the loader.
//!
//! Images are bytes in the order rows, columns, channels; batches are floats in the order images, rows, columns,
//! channels, which libtorch calls `channels_last` and runs fastest.

pub mod idx;
mod image;
mod loader;
mod random;
mod source;
mod transform;

pub use image::Image;
pub use loader::{Batch, Plan, load};
pub use random::permutation;
pub use source::Source;
pub use transform::{Normalisation, Transform};

use crate::error::{Error, Result};

/// Images of one size, with their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    size: ImageSize,
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

/// The size of an image in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// 1 for grey, 3 for red, green, blue.
    pub channels: usize,
}

impl ImageSize {
    /// Bytes of one image.
    pub fn bytes(self) -> usize {
        self.height * self.width * self.channels
    }
}

impl Dataset {
    /// `pixels` are those of all images, one after another.
    ///
    /// # Errors
    /// When there is not one image per label, or no image at all.
    pub fn new(size: ImageSize, pixels: Vec<u8>, labels: Vec<u32>) -> Result<Self> {
        if labels.is_empty() || size.bytes() == 0 {
            return Err(Error::failed("a data set needs at least one image with at least one pixel"));
        }
        if size.bytes().checked_mul(labels.len()) != Some(pixels.len()) {
            return Err(Error::failed(format!(
                "{} labels of images of {} bytes do not go with {} bytes of pixels",
                labels.len(),
                size.bytes(),
                pixels.len()
            )));
        }
        Ok(Self { size, pixels, labels })
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never true: a data set has at least one image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The size of every image.
    pub fn size(&self) -> ImageSize {
        self.size
    }

    /// All labels.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The bytes of all images.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes of image `i`, which must be below [`Self::len`].
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * self.size.bytes()..(i + 1) * self.size.bytes()]
    }

    /// Splits off the given share of the images, chosen at random by `seed`: what is left, and what was split off.
    ///
    /// # Errors
    /// When one of the two would be empty.
    pub fn split(&self, share: f64, seed: u64) -> Result<(Self, Self)> {
        #[expect(clippy::cast_precision_loss, reason = "data sets in memory have fewer than 2^52 images")]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a saturating cast is meant")]
        let held_out = (self.len() as f64 * share).round() as usize;
        let order = permutation(self.len(), seed, 0);
        let (held_out, rest) = order
            .split_at_checked(held_out)
            .ok_or_else(|| Error::failed(format!("a share of {share} is more than the whole data set")))?;
        Ok((self.choose(rest)?, self.choose(held_out)?))
    }

    /// The images with these numbers, in this order.
    fn choose(&self, indices: &[usize]) -> Result<Self> {
        let pixels = indices.iter().flat_map(|&i| self.image(i)).copied().collect();
        Self::new(self.size, pixels, indices.iter().map(|&i| self.labels[i]).collect())
    }
}
