//! Sizes of images as recipes say them.

use super::numbers::Numbers;
use serde::{Deserialize, Serialize};

/// The largest side that a recipe may ask for.
const MOST: u32 = 1 << 16;

/// A size that a step is told: one number of pixels, or rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Numbers<u32>", into = "Numbers<u32>")]
pub enum Size {
    /// One number. For a resize the shorter side, for a crop both sides.
    One(u32),
    /// Rows and columns.
    Two {
        /// Rows.
        height: u32,
        /// Columns.
        width: u32,
    },
}

impl TryFrom<Numbers<u32>> for Size {
    type Error = String;

    fn try_from(Numbers(numbers): Numbers<u32>) -> Result<Self, String> {
        if let Some(wrong) = numbers.iter().find(|&&n| n == 0 || n > MOST) {
            return Err(format!("a size is from 1 to {MOST} pixels, and this is {wrong}"));
        }
        match numbers[..] {
            [side] => Ok(Self::One(side)),
            [height, width] => Ok(Self::Two { height, width }),
            _ => Err("a size is one number, or two: [height, width]".to_owned()),
        }
    }
}

impl From<Size> for Numbers<u32> {
    fn from(size: Size) -> Self {
        match size {
            Size::One(pixels) => Self(vec![pixels]),
            Size::Two { height, width } => Self(vec![height, width]),
        }
    }
}

impl Size {
    /// Rows and columns of a crop of this size; without a size, those of the network's input.
    pub(super) fn of_crop(size: Option<Self>, input: (usize, usize)) -> (usize, usize) {
        match size {
            Some(Self::One(pixels)) => (pixels as usize, pixels as usize),
            Some(Self::Two { height, width }) => (height as usize, width as usize),
            None => input,
        }
    }
}
