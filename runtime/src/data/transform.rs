//! From an image to the numbers that a network takes: steps as a recipe declares them, then normalisation.
//!
//! Each step draws its random numbers, in the order that its file documents, from the generator of one image in one epoch.
//! Resizing and cropping are planned first and done late, so that only pixels that are kept are computed; the result is the
//! one of doing the steps one after another.

mod channels;
mod crop;
mod declared;
mod draw;
mod edges;
mod flip;
mod frame;
mod greyscale;
mod hue;
mod jitter;
mod lighting;
mod normalise;
mod numbers;
mod probability;
mod random_resized_crop;
mod resize;
mod shift;
mod size;
mod step;
#[cfg(test)]
mod tests;

pub use crop::{CentreCrop, Padding, RandomCrop};
pub use edges::{Fill, PaddingMode};
pub use flip::HorizontalFlip;
pub use greyscale::Greyscale;
pub use jitter::{ColourJitter, Factors, HueRange};
pub use lighting::{Deviation, Lighting};
pub use normalise::{ChannelOrder, Normalisation, ValueRange};
pub use probability::Probability;
pub use random_resized_crop::{FilterChoice, RandomResizedCrop, Range, RatioScale};
pub use resize::Resize;
pub use shift::Shift;
pub use size::Size;
pub use step::Step;

pub(crate) use channels::convert_channels;
pub(crate) use crop::centred;
pub(crate) use edges::Edges;
pub(crate) use frame::Frame;
pub(crate) use resize::shorter_side;

use super::{Image, ImageSize};
use crate::error::{Error, Result};
use normalise::Table;
use rand::Rng;

/// How images become the input of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    size: ImageSize,
    steps: Vec<Step>,
    normalisation: Normalisation,
    /// Those of the normalisation, without light.
    tables: Vec<Table>,
}

impl Transform {
    /// What turns images into the input of a network that takes `size`. Grey images become colour first, or colour grey,
    /// as the network wants; then come the steps, and then the normalisation.
    ///
    /// # Errors
    /// When the steps do not end with that size whatever the image, or the normalisation is for another number of channels.
    pub fn new(size: ImageSize, steps: Vec<Step>, normalisation: Normalisation) -> Result<Self> {
        check(size, &steps).map_err(Error::failed)?;
        if let Some(problem) = normalisation.problem(size.channels) {
            return Err(Error::failed(problem));
        }
        let tables = normalisation.tables([0.0; 3]);
        Ok(Self { size, steps, normalisation, tables })
    }

    /// The size of the network's input.
    pub fn size(&self) -> ImageSize {
        self.size
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What comes after the steps.
    pub fn normalisation(&self) -> &Normalisation {
        &self.normalisation
    }

    /// Appends the image as floats, rows, columns, channels.
    ///
    /// # Errors
    /// When a step cannot be done with an image of this size.
    pub fn apply(&self, image: &Image, random: &mut impl Rng, out: &mut Vec<f32>) -> Result<()> {
        let begin = out.len();
        out.resize(begin + self.size.bytes(), 0.0);
        self.write(image, random, out.get_mut(begin..).unwrap_or_default())
    }

    /// Writes the image as floats, rows, columns, channels, into `out`, which has as many places as the network's input.
    ///
    /// # Errors
    /// When a step cannot be done with an image of this size.
    pub fn write(&self, image: &Image, random: &mut impl Rng, out: &mut [f32]) -> Result<()> {
        let frame = self.frame(image, random)?;
        let lit = frame.light.map(|light| self.normalisation.tables(light));
        let tables = lit.as_deref().unwrap_or(&self.tables);
        let mut lines = out.chunks_exact_mut(self.size.width * self.size.channels);
        frame.write_rows(|row, mirrored| {
            if let Some(line) = lines.next() {
                self.write_row(row, mirrored, tables, line);
            }
        })
    }

    /// The image after the steps, before normalisation, for people to look at.
    ///
    /// # Errors
    /// When a step cannot be done with an image of this size.
    pub fn picture(&self, image: &Image, random: &mut impl Rng) -> Result<Image> {
        let frame = self.frame(image, random)?;
        let light = frame.light;
        let mut image = frame.into_image()?;
        if let Some(light) = light {
            for pixel in image.pixels_mut().chunks_exact_mut(3) {
                for (value, light) in pixel.iter_mut().zip(light) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a saturating cast is meant"
                    )]
                    {
                        *value = (f64::from(*value) + 255.0 * light).round() as u8;
                    }
                }
            }
        }
        Ok(image)
    }

    fn frame<'a>(&self, image: &'a Image, random: &mut impl Rng) -> Result<Frame<'a>> {
        let image = convert_channels(image, self.size.channels)?;
        let mut frame = Frame::new(image, (self.size.height, self.size.width));
        for step in &self.steps {
            step.apply(&mut frame, random)?;
        }
        Ok(frame)
    }

    fn write_row(&self, row: &[u8], mirrored: bool, tables: &[Table], line: &mut [f32]) {
        match tables {
            [grey] if mirrored => write_grey(row.iter().rev(), grey, line),
            [grey] => write_grey(row.iter(), grey, line),
            [a, b, c] => {
                let sources = [0, 1, 2].map(|channel| self.normalisation.source(channel));
                let pixels = row.as_chunks::<3>().0.iter();
                if mirrored {
                    write_colour(pixels.rev(), sources, [a, b, c], line);
                } else {
                    write_colour(pixels, sources, [a, b, c], line);
                }
            }
            // Networks of other numbers of channels are refused before.
            _ => {}
        }
    }
}

fn write_grey<'a>(pixels: impl Iterator<Item = &'a u8>, table: &Table, line: &mut [f32]) {
    for (out, &value) in line.iter_mut().zip(pixels) {
        *out = table[usize::from(value)];
    }
}

fn write_colour<'a>(
    pixels: impl Iterator<Item = &'a [u8; 3]>,
    [first, second, third]: [usize; 3],
    [a, b, c]: [&Table; 3],
    line: &mut [f32],
) {
    for (out, pixel) in line.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        *out = [a[usize::from(pixel[first])], b[usize::from(pixel[second])], c[usize::from(pixel[third])]];
    }
}

/// What is wrong with steps for a network that takes `size`.
fn check(size: ImageSize, steps: &[Step]) -> std::result::Result<(), String> {
    let ImageSize { height, width, channels } = size;
    if !matches!(channels, 1 | 3) {
        return Err(format!("images have 1 channel or 3, and cannot be fed to a network of {channels} channels"));
    }
    let input = (height, width);
    let end = steps.iter().fold(None, |known, step| step.size(known, input));
    if end != Some(input) {
        let end =
            end.map_or("a size that depends on the image".to_owned(), |(height, width)| format!("{height}x{width}"));
        return Err(format!(
            "the steps end with {end}, and the network takes {height}x{width}: `resize`, `centre-crop`, `random-crop` and \
             `random-resized-crop` without a size give it what it takes"
        ));
    }
    if let Some(light) = steps.iter().position(|step| matches!(step, Step::Lighting(_))) {
        if channels != 3 {
            return Err("`lighting` is for colours, and the network takes grey images".to_owned());
        }
        if steps.iter().skip(light + 1).any(Step::changes_colours) {
            return Err("`lighting` is added to what the network is given, so put it once, behind `colour-jitter` and `greyscale`".to_owned());
        }
    }
    Ok(())
}
