//! `greyscale`.

use super::draw::happens;
use super::frame::Frame;
use super::probability::Probability;
use crate::data::image::luma;
use crate::error::Result;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// Gives red, green and blue the same value, with the weights of ITU-R 601. Nothing happens to an image that is grey.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Greyscale {
    /// How probable that is.
    pub p: Probability,
}

impl Default for Greyscale {
    fn default() -> Self {
        Self { p: Probability(1.0) }
    }
}

impl Greyscale {
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        if !happens(random, self.p.0) {
            return Ok(());
        }
        let image = frame.pixels()?;
        if image.size().channels == 3 {
            for pixel in image.pixels_mut().chunks_exact_mut(3) {
                pixel.fill(luma(pixel));
            }
        }
        Ok(())
    }
}
