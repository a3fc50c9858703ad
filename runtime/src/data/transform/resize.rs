//! `resize`.

use super::frame::Frame;
use super::size::Size;
use crate::data::resample::Filter;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// Changes the size, antialiased as in Pillow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resize {
    /// One number: the shorter side gets it, and the other keeps the shape. Two: both sides. None: the network's input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// How new pixels are computed.
    pub filter: Filter,
}

impl Resize {
    pub(super) fn apply(self, frame: &mut Frame<'_>) -> Result<()> {
        let (height, width) = match self.size {
            None => frame.input,
            Some(Size::Two { height, width }) => (height as usize, width as usize),
            Some(Size::One(side)) => shorter_side(frame.size(), side as usize),
        };
        frame.resize(height, width, self.filter)
    }
}

/// Rows and columns when the shorter side becomes `side`; the longer is rounded down, as in torchvision.
pub(crate) fn shorter_side((height, width): (usize, usize), side: usize) -> (usize, usize) {
    if height <= width {
        (side, side.saturating_mul(width) / height)
    } else {
        (side.saturating_mul(height) / width, side)
    }
}
