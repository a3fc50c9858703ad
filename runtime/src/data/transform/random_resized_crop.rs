//! `random-resized-crop`.

use super::draw::{at_most, log_uniform, uniform};
use super::edges::Edges;
use super::frame::Frame;
use super::size::Size;
use crate::data::resample::{Filter, Rectangle};
use crate::error::Result;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// How often a rectangle is drawn until one fits into the image.
const TRIES: usize = 10;

/// Cuts out a rectangle of random area and shape, and resizes it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomResizedCrop {
    /// One number for a square, or rows and columns. None: the network's input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// The least and the greatest share of the image's area.
    pub scale: Range,
    /// The least and the greatest width divided by height.
    pub ratio: Range,
    /// How the ratio is drawn.
    pub ratio_scale: RatioScale,
    /// How new pixels are computed.
    pub filter: FilterChoice,
}

impl Default for RandomResizedCrop {
    fn default() -> Self {
        Self {
            size: None,
            scale: Range([0.08, 1.0]),
            ratio: Range([3.0 / 4.0, 4.0 / 3.0]),
            ratio_scale: RatioScale::default(),
            filter: FilterChoice::default(),
        }
    }
}

/// How ratios are spread between the least and the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RatioScale {
    /// Evenly on the scale of logarithms, as in torchvision: 3/4 is as likely as 4/3.
    #[default]
    Logarithmic,
    /// Evenly, which is how the paper's words are usually read.
    Linear,
}

/// A filter, or one drawn anew for each image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilterChoice {
    /// Always the nearest pixel.
    Nearest,
    /// Always the mean of the area.
    Box,
    /// Always linear.
    #[default]
    Bilinear,
    /// Always cubic.
    Bicubic,
    /// One of the four, each as likely as the others, as in the paper.
    Random,
}

impl FilterChoice {
    fn draw(self, random: &mut impl Rng) -> Filter {
        match self {
            Self::Nearest => Filter::Nearest,
            Self::Box => Filter::Box,
            Self::Bilinear => Filter::Bilinear,
            Self::Bicubic => Filter::Bicubic,
            Self::Random => {
                let all = [Filter::Bilinear, Filter::Box, Filter::Nearest, Filter::Bicubic];
                all[at_most(random, all.len() - 1)]
            }
        }
    }
}

impl RandomResizedCrop {
    /// Draws area, ratio, and once they fit, first row and first column, then the filter if it is random.
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        let (rows, columns) = frame.size();
        let mut rectangle = None;
        for _ in 0..TRIES {
            rectangle = self.try_rectangle(rows, columns, random);
            if rectangle.is_some() {
                break;
            }
        }
        let Rectangle { top, left, height, width } = rectangle.unwrap_or_else(|| self.centre(rows, columns));
        let filter = self.filter.draw(random);
        let signed = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        frame.crop(signed(top), signed(left), height, width, Edges::default())?;
        let (height, width) = Size::of_crop(self.size, frame.input);
        frame.resize(height, width, filter)
    }

    fn try_rectangle(self, rows: usize, columns: usize, random: &mut impl Rng) -> Option<Rectangle> {
        #[expect(clippy::cast_precision_loss, reason = "images have fewer than 2^52 pixels")]
        let all = (rows * columns) as f64;
        let area = all * uniform(random, self.scale.0[0], self.scale.0[1]);
        let [low, high] = self.ratio.0;
        let ratio = match self.ratio_scale {
            RatioScale::Logarithmic => log_uniform(random, low, high),
            RatioScale::Linear => uniform(random, low, high),
        };
        let (height, width) = (pixels((area / ratio).sqrt()), pixels((area * ratio).sqrt()));
        if height == 0 || width == 0 || height > rows || width > columns {
            return None;
        }
        let (top, left) = (at_most(random, rows - height), at_most(random, columns - width));
        Some(Rectangle { top, left, height, width })
    }

    /// The largest rectangle in the centre whose ratio is allowed.
    fn centre(self, rows: usize, columns: usize) -> Rectangle {
        #[expect(clippy::cast_precision_loss, reason = "sides of images are small")]
        let (height, width) = (rows as f64, columns as f64);
        let [low, high] = self.ratio.0;
        let ratio = width / height;
        let (height, width) = if ratio < low {
            (pixels(width / low), columns)
        } else if ratio > high {
            (rows, pixels(height * high))
        } else {
            (rows, columns)
        };
        // A side of less than half a pixel is one pixel.
        let (height, width) = (height.clamp(1, rows), width.clamp(1, columns));
        Rectangle { top: (rows - height) / 2, left: (columns - width) / 2, height, width }
    }
}

/// Rounded as Python rounds: halves to even numbers.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and a saturating cast is meant")]
fn pixels(length: f64) -> usize {
    length.round_ties_even() as usize
}

/// The least and the greatest of a positive number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f64; 2]", into = "[f64; 2]")]
pub struct Range(pub(super) [f64; 2]);

impl TryFrom<[f64; 2]> for Range {
    type Error = String;

    fn try_from([low, high]: [f64; 2]) -> std::result::Result<Self, String> {
        if low > 0.0 && low <= high && high.is_finite() {
            Ok(Self([low, high]))
        } else {
            Err(format!("a range is two positive numbers, the lower one first, and not [{low}, {high}]"))
        }
    }
}

impl From<Range> for [f64; 2] {
    fn from(range: Range) -> Self {
        range.0
    }
}
