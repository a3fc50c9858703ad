//! `shift`.

use super::edges::{Edges, Fill, PaddingMode};
use super::frame::Frame;
use super::probability::Probability;
use crate::error::Result;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Moves the image; its edge pixels fill what becomes free.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// By how much at most, up, down, left and right, as a share of the height and the width.
    pub share: Probability,
}

impl Shift {
    /// Draws rows, then columns.
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        if self.share.0 > 0.0 {
            let (height, width) = frame.size();
            let (down, right) = (draw(height, self.share.0, random), draw(width, self.share.0, random));
            frame.crop(-down, -right, height, width, Edges { mode: PaddingMode::Edge, fill: Fill::default() })?;
        }
        Ok(())
    }
}

/// A number of pixels, evenly from -share to share of `side`.
fn draw(side: usize, share: f64, random: &mut impl Rng) -> isize {
    #[expect(clippy::cast_precision_loss, reason = "sides of images are small")]
    #[expect(clippy::cast_possible_truncation, reason = "shares are at most 1, and sides fit 32 bits")]
    let most = (side as f64 * share).round() as i32;
    // Drawn in 32 bits, so that every machine draws the same.
    random.random_range(-most..=most) as isize
}
