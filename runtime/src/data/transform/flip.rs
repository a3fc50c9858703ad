//! `horizontal-flip`.

use super::draw::happens;
use super::frame::Frame;
use super::probability::Probability;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// Swaps left and right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HorizontalFlip {
    /// How probable that is.
    pub p: Probability,
}

impl Default for HorizontalFlip {
    fn default() -> Self {
        Self { p: Probability(0.5) }
    }
}

impl HorizontalFlip {
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) {
        if happens(random, self.p.0) {
            frame.flip();
        }
    }
}
