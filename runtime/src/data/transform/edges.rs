//! How an image goes on outside of its borders.

use super::numbers::Numbers;
use crate::data::{Image, ImageSize};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// How an image goes on outside of its borders, with torchvision's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaddingMode {
    /// With a colour.
    #[default]
    Constant,
    /// With the pixels of the border.
    Edge,
    /// Mirrored at the middle of the border's pixels: `dcb|abcd|cba`.
    Reflect,
    /// Mirrored at the border: `cba|abcd|dcb`.
    Symmetric,
}

/// A colour: one number for all channels, or one for each of red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Numbers<u8>", into = "Numbers<u8>")]
pub struct Fill(pub(super) [u8; 3]);

impl TryFrom<Numbers<u8>> for Fill {
    type Error = String;

    fn try_from(Numbers(numbers): Numbers<u8>) -> std::result::Result<Self, String> {
        match numbers[..] {
            [grey] => Ok(Self([grey; 3])),
            [red, green, blue] => Ok(Self([red, green, blue])),
            _ => Err("a colour is one number from 0 to 255, or three".to_owned()),
        }
    }
}

impl From<Fill> for Numbers<u8> {
    fn from(Fill([red, green, blue]): Fill) -> Self {
        if red == green && green == blue { Self(vec![red]) } else { Self(vec![red, green, blue]) }
    }
}

/// Both.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Edges {
    pub(super) mode: PaddingMode,
    pub(super) fill: Fill,
}

impl PaddingMode {
    /// Which row or column of `side` stands at `place`; none for a constant.
    fn source(self, place: isize, side: usize) -> Option<usize> {
        // Sides of images fit.
        let side = isize::try_from(side).unwrap_or(isize::MAX);
        let inside = (0..side).contains(&place);
        let source = match self {
            Self::Constant => inside.then_some(place)?,
            Self::Edge => place.clamp(0, side - 1),
            Self::Reflect if side == 1 => 0,
            Self::Reflect => {
                let place = place.rem_euclid(2 * side - 2);
                place.min(2 * side - 2 - place)
            }
            Self::Symmetric => {
                let place = place.rem_euclid(2 * side);
                place.min(2 * side - 1 - place)
            }
        };
        usize::try_from(source).ok()
    }
}

/// `height` rows from row `top` on, and `width` columns from column `left` on, of an image that goes on without end.
pub(super) fn extended(
    image: &Image,
    top: isize,
    left: isize,
    height: usize,
    width: usize,
    edges: Edges,
) -> Result<Image> {
    let ImageSize { height: rows, width: columns, channels } = image.size();
    let sources = |begin: isize, length: usize, side: usize| -> Vec<Option<usize>> {
        (0..length).map(|i| edges.mode.source(begin.saturating_add_unsigned(i), side)).collect()
    };
    // A grey image takes the first of three equal numbers.
    let fill = &edges.fill.0[..channels.min(3)];
    let columns_from = sources(left, width, columns);
    let mut pixels = Vec::with_capacity(height * width * channels);
    for row in sources(top, height, rows) {
        for &column in &columns_from {
            match (row, column) {
                (Some(row), Some(column)) => {
                    let begin = (row * columns + column) * channels;
                    pixels.extend_from_slice(&image.pixels()[begin..begin + channels]);
                }
                _ => pixels.extend_from_slice(fill),
            }
        }
    }
    Image::new(ImageSize { height, width, channels }, pixels)
}
