//! Contact sheets: what a network will see, for people to look at.

mod canvas;

use super::random::{Purpose, generator, permutation};
use super::resample::{Filter, resize};
use super::transform::convert_channels;
use super::{Image, ImageSize, Source, Transform};
use crate::error::{Error, Result};

pub(crate) use canvas::{Canvas, LINE, letters, width_of};

/// Pictures are enlarged to at least this many pixels, and shrunk to at most as many.
const LEAST: usize = 112;
const MOST: usize = 256;

/// Pixels between pictures.
pub(crate) const GAP: usize = 8;

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// How many images: the first of the first epoch that is shown, in the order of training.
    pub images: usize,
    /// The first epoch.
    pub epoch: u64,
    /// How many epochs.
    pub epochs: usize,
    /// That of the training run.
    pub seed: u64,
}

impl Sheet {
    /// A row for each image: as it is, as `testing` makes it, and as `training` makes it in each epoch.
    ///
    /// # Errors
    /// When an image cannot be read or transformed.
    pub fn draw(&self, source: &dyn Source, training: &Transform, testing: &Transform) -> Result<Image> {
        let order = permutation(source.labels().len(), self.seed, self.epoch);
        let (height, width) = cell(training.size());
        let columns = self.epochs + 2;
        let rows = self.images.min(order.len());
        let row_height = LINE + height + 2 * GAP;
        let mut canvas = Canvas::new(GAP + LINE + GAP + rows * row_height, GAP + columns * (width + GAP))?;
        let left = |column: usize| GAP + column * (width + GAP);
        for column in 0..columns {
            canvas.text(GAP, left(column), width, &self.heading(column));
        }
        for (row, &index) in order.iter().take(rows).enumerate() {
            let top = GAP + LINE + GAP + row * row_height;
            let image = source.image(index)?;
            canvas.text(top, GAP, columns * (width + GAP) - GAP, &caption(source, index, &image));
            for column in 0..columns {
                let picture = self.picture(column, index, &image, training, testing);
                let picture = picture.map_err(|e| Error::failed(format!("{}: {e}", source.name(index))))?;
                let picture = fit(&picture, height, width)?;
                canvas.picture(top + LINE, left(column), height, width, &picture);
            }
        }
        canvas.into_image()
    }

    fn heading(&self, column: usize) -> String {
        match column {
            0 => "image".to_owned(),
            1 => "testing".to_owned(),
            _ => format!("epoch {}", self.epoch_of(column)),
        }
    }

    fn epoch_of(&self, column: usize) -> u64 {
        self.epoch.saturating_add(column as u64).saturating_sub(2)
    }

    fn picture(
        &self,
        column: usize,
        index: usize,
        image: &Image,
        training: &Transform,
        testing: &Transform,
    ) -> Result<Image> {
        match column {
            0 => Ok(image.clone()),
            1 => testing.picture(image, &mut generator(0, 0, index as u64, Purpose::Augmentation)),
            _ => {
                let mut random = generator(self.seed, self.epoch_of(column), index as u64, Purpose::Augmentation);
                training.picture(image, &mut random)
            }
        }
    }
}

/// The image as a PNG file.
///
/// # Errors
/// When it is larger than such files can be.
pub fn png(image: &Image) -> Result<Vec<u8>> {
    use image::ImageEncoder;
    let ImageSize { height, width, channels } = image.size();
    let failed = |e: &dyn std::fmt::Display| Error::failed(format!("the picture cannot be written as PNG: {e}"));
    let side = |pixels: usize| u32::try_from(pixels).map_err(|e| failed(&e));
    let colour = if channels == 1 { image::ExtendedColorType::L8 } else { image::ExtendedColorType::Rgb8 };
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(image.pixels(), side(width)?, side(height)?, colour).map_err(|e| failed(&e))?;
    Ok(bytes)
}

/// The place for a picture of a network's input: small ones are enlarged by a whole number.
fn cell(size: ImageSize) -> (usize, usize) {
    let longer = size.height.max(size.width);
    if longer > MOST {
        let scaled = |side: usize| (side * MOST / longer).max(1);
        return (scaled(size.height), scaled(size.width));
    }
    let factor = LEAST.div_ceil(longer);
    (size.height * factor, size.width * factor)
}

/// The picture in colour, as large as fits. Enlarged pixels stay squares.
pub(crate) fn fit(picture: &Image, height: usize, width: usize) -> Result<Image> {
    let ImageSize { height: rows, width: columns, .. } = picture.size();
    let picture = convert_channels(picture, 3)?;
    let (height, width) = if height * columns <= width * rows {
        (height, (columns * height / rows).max(1))
    } else {
        ((rows * width / columns).max(1), width)
    };
    let filter = if height > rows { Filter::Nearest } else { Filter::Bicubic };
    resize(&picture, height, width, filter)
}

/// The class, the size, and where the image comes from.
fn caption(source: &dyn Source, index: usize, image: &Image) -> String {
    let label = source.labels().get(index).copied().unwrap_or(0);
    let class = source.classes().get(label as usize).filter(|name| **name != label.to_string());
    let class = class.map(|name| format!(" {name}")).unwrap_or_default();
    let ImageSize { height, width, .. } = image.size();
    format!("class {label}{class}, {width} wide, {height} high: {}", source.name(index).replace('`', ""))
}
