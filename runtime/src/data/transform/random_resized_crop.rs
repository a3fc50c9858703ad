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
        let Rectangle { top, left, height, width } = self.rectangle(rows, columns, random);
        let filter = self.filter.draw(random);
        let signed = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        frame.crop(signed(top), signed(left), height, width, Edges::default())?;
        let (height, width) = Size::of_crop(self.size, frame.input);
        frame.resize(height, width, filter)
    }

    fn rectangle(self, rows: usize, columns: usize, random: &mut impl Rng) -> Rectangle {
        let drawn = (0..TRIES).find_map(|_| self.try_rectangle(rows, columns, random));
        drawn.unwrap_or_else(|| self.centre(rows, columns))
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

#[cfg(test)]
mod tests {
    use super::{RandomResizedCrop, RatioScale, Rectangle};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const COUNT: u32 = 40_000;

    type Measure = fn(Rectangle) -> f64;

    /// Mean and standard deviation of a measure over many rectangles.
    fn spread(crop: RandomResizedCrop, rows: usize, columns: usize, measure: impl Fn(Rectangle) -> f64) -> [f64; 2] {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..COUNT {
            let value = measure(crop.rectangle(rows, columns, &mut random));
            sum += value;
            squares += value * value;
        }
        let mean = sum / f64::from(COUNT);
        [mean, (squares / f64::from(COUNT) - mean * mean).sqrt()]
    }

    /// Mean and deviation of 100,000 rectangles of torchvision (`tests/python/make_transforms.py`).
    #[test]
    #[expect(clippy::cast_precision_loss, reason = "sides of images are small")]
    fn rectangles_are_spread_as_torchvisions() {
        let truth: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/data/transforms.json")).unwrap();
        for of in truth["rectangles"].as_array().unwrap() {
            let [rows, columns] = [0, 1].map(|i| usize::try_from(of["image"][i].as_u64().unwrap()).unwrap());
            let measures: [(&str, Measure); 6] = [
                ("top", |r| r.top as f64),
                ("left", |r| r.left as f64),
                ("height", |r| r.height as f64),
                ("width", |r| r.width as f64),
                ("area", |r| (r.height * r.width) as f64),
                ("ratio", |r| r.width as f64 / r.height as f64),
            ];
            for (name, measure) in measures {
                let [mean, std] = spread(RandomResizedCrop::default(), rows, columns, measure);
                let [true_mean, true_std] = [0, 1].map(|i| of[name][i].as_f64().unwrap());
                // Five standard deviations of the difference of two means.
                let most = 5.0 * true_std * (1.0 / f64::from(COUNT) + 1e-5).sqrt();
                assert!((mean - true_mean).abs() < most, "{rows}x{columns} {name}: mean {mean}, not {true_mean}");
                assert!(
                    (std / true_std - 1.0).abs() < 0.03,
                    "{rows}x{columns} {name}: deviation {std}, not {true_std}"
                );
            }
        }
    }

    /// The paper's words: evenly from 3/4 to 4/3 has the mean 25/24, and the deviation 7/12 divided by the root of 12.
    #[test]
    #[expect(clippy::cast_precision_loss, reason = "sides of images are small")]
    fn ratios_can_be_even() {
        let crop = RandomResizedCrop { ratio_scale: RatioScale::Linear, ..RandomResizedCrop::default() };
        // So large a rectangle in so large an image that rounding and refusals do not matter.
        let small = RandomResizedCrop { scale: super::Range([0.08, 0.3]), ..crop };
        let [mean, std] = spread(small, 4000, 4000, |r| r.width as f64 / r.height as f64);
        assert!((mean - 25.0 / 24.0).abs() < 0.005, "{mean}");
        assert!((std - 7.0 / 12.0 / 12_f64.sqrt()).abs() < 0.005, "{std}");
    }
}
