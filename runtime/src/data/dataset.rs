//! Images of one size in memory.

use super::{Image, ImageSize, Source};
use crate::error::{Error, Result};

/// Images of one size, with their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    origin: String,
    classes: Vec<String>,
    size: ImageSize,
    pixels: Vec<u8>,
    labels: Vec<u32>,
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
        Ok(Self { origin: "the data set".to_owned(), classes: Vec::new(), size, pixels, labels })
    }

    /// The same with these names of its classes, and `origin` for what it was read from, which messages name.
    #[must_use]
    pub fn named(self, origin: impl Into<String>, classes: Vec<String>) -> Self {
        Self { origin: origin.into(), classes, ..self }
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

    /// The bytes of all images.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

impl Source for Dataset {
    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        format!("image {index} of {}", self.origin)
    }

    fn image(&self, index: usize) -> Result<Image> {
        let bytes = self.size.bytes();
        let begin = index.saturating_mul(bytes);
        let pixels = self.pixels.get(begin..begin.saturating_add(bytes));
        let pixels = pixels.ok_or_else(|| Error::failed(format!("{} has no image {index}", self.origin)))?;
        Image::new(self.size, pixels.to_vec())
    }
}
