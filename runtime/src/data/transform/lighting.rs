//! `lighting`.

use super::draw::normal;
use super::frame::Frame;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The directions in which the colours of ImageNet's pixels vary, one per column, for red, green and blue from 0 to 1: the
/// numbers that are in use since AlexNet (Krizhevsky et al. 2012, section 4.1) was made again with Torch.
const DIRECTIONS: [[f64; 3]; 3] = [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]];

/// How much they vary in each direction: the eigenvalues of the covariance.
const EIGENVALUES: [f64; 3] = [0.2175, 0.0188, 0.0045];

/// Adds to all pixels a colour that is drawn along the directions in which the colours of ImageNet vary. It is added in floats
/// when the image is normalised, and nothing is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lighting {
    /// The standard deviation of the three numbers that are drawn.
    pub std: Deviation,
}

impl Default for Lighting {
    fn default() -> Self {
        Self { std: Deviation(0.1) }
    }
}

/// A standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Deviation(pub(super) f64);

impl TryFrom<f64> for Deviation {
    type Error = &'static str;

    fn try_from(value: f64) -> Result<Self, &'static str> {
        if value >= 0.0 && value.is_finite() { Ok(Self(value)) } else { Err("a standard deviation is not negative") }
    }
}

impl From<Deviation> for f64 {
    fn from(value: Deviation) -> Self {
        value.0
    }
}

impl Lighting {
    /// Draws a number for each direction, the one of most variance first.
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) {
        let drawn = EIGENVALUES.map(|eigenvalue| self.std.0 * normal(random) * eigenvalue);
        frame.light = Some(light(drawn));
    }
}

/// What is added to red, green and blue.
fn light(along: [f64; 3]) -> [f64; 3] {
    DIRECTIONS.map(|row| row.iter().zip(along).map(|(direction, length)| direction * length).sum())
}

#[cfg(test)]
mod tests {
    use super::{Deviation, Frame, Lighting, light};
    use crate::data::{Image, ImageSize};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::borrow::Cow;

    #[test]
    fn the_first_direction_is_nearly_grey() {
        // By hand: red is -0.5675 x 0.02175 + 0.7192 x 0.00188 + 0.4009 x 0.00045, and so on.
        let [red, green, blue] = light([0.021_75, 0.001_88, 0.000_45]);
        assert!((red - -0.010_810_624).abs() < 1e-9, "{red}");
        assert!((green - -0.013_007_16).abs() < 1e-9, "{green}");
        assert!((blue - -0.013_810_389).abs() < 1e-9, "{blue}");
    }

    /// Of normal numbers: the variance of what is added to red is (0.1 x 0.2175 x 0.5675)^2 + (0.1 x 0.0188 x 0.7192)^2 + ...
    #[test]
    fn light_varies_as_the_directions_say() {
        let image = Image::new(ImageSize { height: 1, width: 1, channels: 3 }, vec![0; 3]).unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (mut sum, mut squares, count) = (0.0, 0.0, 20_000);
        for _ in 0..count {
            let mut frame = Frame::new(Cow::Borrowed(&image), (1, 1));
            Lighting { std: Deviation(0.1) }.apply(&mut frame, &mut random);
            let red = frame.light.unwrap()[0];
            sum += red;
            squares += red * red;
        }
        let deviation = (squares / f64::from(count)).sqrt();
        // 0.012418 by hand; the standard deviation of a deviation is its value divided by the root of twice the count, 0.5 %.
        assert!((deviation / 0.012_418 - 1.0).abs() < 0.025, "{deviation}");
        assert!((sum / f64::from(count)).abs() < 5.0 * 0.012_418 / f64::from(count).sqrt(), "{sum}");
    }
}
