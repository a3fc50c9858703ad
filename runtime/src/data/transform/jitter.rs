//! `colour-jitter`.

use super::draw::uniform;
use super::frame::Frame;
use super::hue;
use super::numbers::Numbers;
use crate::data::Image;
use crate::data::image::luma;
use crate::error::Result;
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// Changes brightness, contrast, saturation and hue by random factors, in random order, on bytes, as torchvision's
/// `ColorJitter` does with images of Pillow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColourJitter {
    /// 0 is black, 1 leaves it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brightness: Option<Factors>,
    /// 0 is the image's mean grey, 1 leaves it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<Factors>,
    /// 0 is grey, 1 leaves it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saturation: Option<Factors>,
    /// By how much of the circle of colours hues turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hue: Option<HueRange>,
}

/// The least and the greatest factor. One number `x` in a recipe means from 1 - x (at least 0) to 1 + x.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Numbers<f64>", into = "[f64; 2]")]
pub struct Factors([f64; 2]);

impl TryFrom<Numbers<f64>> for Factors {
    type Error = &'static str;

    fn try_from(Numbers(numbers): Numbers<f64>) -> std::result::Result<Self, &'static str> {
        let factors = match numbers[..] {
            [most] => [(1.0 - most).max(0.0), 1.0 + most],
            [low, high] => [low, high],
            _ => [f64::NAN; 2],
        };
        if factors[0] >= 0.0 && factors[0] <= factors[1] && factors[1].is_finite() {
            Ok(Self(factors))
        } else {
            Err("factors are one number from 0 on, or two: the least, which is not negative, and the greatest")
        }
    }
}

impl From<Factors> for [f64; 2] {
    fn from(factors: Factors) -> Self {
        factors.0
    }
}

/// The least and the greatest turn of hues, from -1/2 to 1/2. One number `x` in a recipe means from -x to x.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Numbers<f64>", into = "[f64; 2]")]
pub struct HueRange([f64; 2]);

impl TryFrom<Numbers<f64>> for HueRange {
    type Error = &'static str;

    fn try_from(Numbers(numbers): Numbers<f64>) -> std::result::Result<Self, &'static str> {
        let [low, high] = match numbers[..] {
            [most] => [-most, most],
            [low, high] => [low, high],
            _ => [f64::NAN; 2],
        };
        if low >= -0.5 && low <= high && high <= 0.5 {
            Ok(Self([low, high]))
        } else {
            Err("a hue turns by one number from 0 to 0.5, or by two from -0.5 to 0.5: the least and the greatest")
        }
    }
}

impl From<HueRange> for [f64; 2] {
    fn from(range: HueRange) -> Self {
        range.0
    }
}

/// One change and its factor.
#[derive(Clone, Copy)]
enum Change {
    Brightness(f64),
    Contrast(f64),
    Saturation(f64),
    Hue(f64),
}

impl ColourJitter {
    /// Draws the factors, brightness, contrast, saturation, hue, of those that are asked for, and then their order.
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        let mut draw = |[low, high]: [f64; 2]| uniform(random, low, high);
        let mut changes: Vec<Change> = [
            self.brightness.map(|f| Change::Brightness(draw(f.0))),
            self.contrast.map(|f| Change::Contrast(draw(f.0))),
            self.saturation.map(|f| Change::Saturation(draw(f.0))),
            // Torchvision leaves out a turn by nothing, which would round colours.
            self.hue.filter(|turn| turn.0.iter().any(|turn| turn.abs() > 0.0)).map(|f| Change::Hue(draw(f.0))),
        ]
        .into_iter()
        .flatten()
        .collect();
        changes.shuffle(random);
        let image = frame.pixels()?;
        for change in changes {
            change.apply(image);
        }
        Ok(())
    }
}

impl Change {
    #[expect(clippy::cast_possible_truncation, reason = "Pillow computes in single precision")]
    fn apply(self, image: &mut Image) {
        let colour = image.size().channels == 3;
        match self {
            Self::Brightness(factor) => each_value(image, 0, factor as f32),
            Self::Contrast(factor) => each_value(image, mean_luma(image), factor as f32),
            // Grey stays grey.
            Self::Saturation(factor) if colour => {
                for pixel in image.pixels_mut().chunks_exact_mut(3) {
                    let grey = luma(pixel);
                    for value in pixel {
                        *value = blend(grey, *value, factor as f32);
                    }
                }
            }
            Self::Hue(turn) if colour => hue::turn(image.pixels_mut(), turn),
            Self::Saturation(_) | Self::Hue(_) => {}
        }
    }
}

/// Moves every value away from `from`, or towards it.
fn each_value(image: &mut Image, from: u8, factor: f32) {
    let table: [u8; 256] = std::array::from_fn(|value| blend(from, u8::try_from(value).unwrap_or(u8::MAX), factor));
    image.pixels_mut().iter_mut().for_each(|value| *value = table[usize::from(*value)]);
}

/// The mean of the image's greys, rounded.
fn mean_luma(image: &Image) -> u8 {
    let pixels = image.pixels().chunks_exact(image.size().channels);
    let count = pixels.len() as u64;
    let sum: u64 = pixels.map(|pixel| u64::from(luma(pixel))).sum();
    u8::try_from((2 * sum + count) / (2 * count)).unwrap_or(u8::MAX)
}

/// `from` for the factor 0, `to` for 1, and so on in a straight line; cut off to a byte, in single precision as Pillow has it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a saturating cast is meant")]
fn blend(from: u8, to: u8, factor: f32) -> u8 {
    let (from, to) = (f32::from(from), f32::from(to));
    (from + factor * (to - from)) as u8
}
