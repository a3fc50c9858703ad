//! The steps that a recipe can name.

use super::crop::{CentreCrop, RandomCrop};
use super::flip::HorizontalFlip;
use super::frame::Frame;
use super::greyscale::Greyscale;
use super::jitter::ColourJitter;
use super::lighting::Lighting;
use super::random_resized_crop::RandomResizedCrop;
use super::resize::Resize;
use super::shift::Shift;
use super::size::Size;
use crate::error::Result;
use rand::Rng;
use serde::Serialize;

/// One step on the way from an image to the input of a network.
///
/// In a recipe a step is its name, or a map with its name as the only key: `resize`, `resize: 256`, `resize: {size: 256, filter: bicubic}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// Changes the size.
    Resize(Resize),
    /// Cuts out the centre.
    CentreCrop(CentreCrop),
    /// Cuts out a part at random.
    RandomCrop(RandomCrop),
    /// Cuts out a rectangle of random area and shape, and resizes it.
    RandomResizedCrop(RandomResizedCrop),
    /// Swaps left and right.
    HorizontalFlip(HorizontalFlip),
    /// Changes brightness, contrast, saturation, hue.
    ColourJitter(ColourJitter),
    /// Adds a colour.
    Lighting(Lighting),
    /// Takes the colours away.
    Greyscale(Greyscale),
    /// Moves the image.
    Shift(Shift),
}

/// What is known about the size of images before any is there.
pub(super) type KnownSize = Option<(usize, usize)>;

impl Step {
    pub(super) fn apply(&self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        match self {
            Self::Resize(step) => step.apply(frame),
            Self::CentreCrop(step) => step.apply(frame),
            Self::RandomCrop(step) => step.apply(frame, random),
            Self::RandomResizedCrop(step) => step.apply(frame, random),
            Self::HorizontalFlip(step) => {
                step.apply(frame, random);
                Ok(())
            }
            Self::ColourJitter(step) => step.apply(frame, random),
            Self::Lighting(step) => {
                step.apply(frame, random);
                Ok(())
            }
            Self::Greyscale(step) => step.apply(frame, random),
            Self::Shift(step) => step.apply(frame, random),
        }
    }

    /// Rows and columns after the step.
    pub(super) fn size(&self, before: KnownSize, input: (usize, usize)) -> KnownSize {
        match self {
            Self::Resize(Resize { size: Some(Size::One(side)), .. }) => {
                before.map(|before| super::resize::shorter_side(before, *side as usize))
            }
            Self::Resize(Resize { size, .. })
            | Self::CentreCrop(CentreCrop { size })
            | Self::RandomCrop(RandomCrop { size, .. })
            | Self::RandomResizedCrop(RandomResizedCrop { size, .. }) => Some(Size::of_crop(*size, input)),
            Self::HorizontalFlip(_)
            | Self::ColourJitter(_)
            | Self::Lighting(_)
            | Self::Greyscale(_)
            | Self::Shift(_) => before,
        }
    }

    /// Whether it changes colours, but for light.
    pub(super) fn changes_colours(&self) -> bool {
        match self {
            Self::ColourJitter(_) | Self::Greyscale(_) | Self::Lighting(_) => true,
            Self::Resize(_)
            | Self::CentreCrop(_)
            | Self::RandomCrop(_)
            | Self::RandomResizedCrop(_)
            | Self::HorizontalFlip(_)
            | Self::Shift(_) => false,
        }
    }
}
