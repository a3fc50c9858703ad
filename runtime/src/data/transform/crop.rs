//! `centre-crop` and `random-crop`.

use super::draw::at_most;
use super::edges::{Edges, Fill, PaddingMode};
use super::frame::Frame;
use super::numbers::Numbers;
use super::size::Size;
use crate::error::{Error, Result};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// Cuts out the centre. What lies outside of an image that is smaller is black.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CentreCrop {
    /// One number for a square, or rows and columns. None: the network's input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

impl CentreCrop {
    pub(super) fn apply(self, frame: &mut Frame<'_>) -> Result<()> {
        let (height, width) = Size::of_crop(self.size, frame.input);
        let (rows, columns) = frame.size();
        frame.crop(centred(rows, height), centred(columns, width), height, width, Edges::default())
    }
}

/// Where a crop of `length` pixels begins on a side of `side` pixels. Halves are rounded to even numbers where it is cut
/// (341 pixels cut to 224 begin at 58, and not at 58.5), and down where it is padded, both as in torchvision.
pub(crate) fn centred(side: usize, length: usize) -> isize {
    if length > side {
        return -isize::try_from((length - side) / 2).unwrap_or(isize::MAX);
    }
    let slack = side - length;
    let down = slack / 2;
    isize::try_from(if slack % 2 == 1 && down % 2 == 1 { down + 1 } else { down }).unwrap_or(isize::MAX)
}

/// Cuts out a part at random, after padding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomCrop {
    /// One number for a square, or rows and columns. None: the network's input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// What is put around the image first.
    pub padding: Padding,
    /// Whether an image that is smaller than the crop is padded on both sides by what it lacks; else it is an error.
    pub pad_if_needed: bool,
    /// The colour of constant padding.
    pub fill: Fill,
    /// What padding looks like.
    pub padding_mode: PaddingMode,
}

impl RandomCrop {
    /// Draws the first row, then the first column.
    pub(super) fn apply(self, frame: &mut Frame<'_>, random: &mut impl Rng) -> Result<()> {
        let (height, width) = Size::of_crop(self.size, frame.input);
        let edges = Edges { mode: self.padding_mode, fill: self.fill };
        let Padding { left, top, right, bottom } = self.padding;
        pad(frame, [left, top, right, bottom].map(|n| n as usize), edges)?;
        if self.pad_if_needed {
            // One side after the other, as torchvision does.
            let lacking = width.saturating_sub(frame.size().1);
            pad(frame, [lacking, 0, lacking, 0], edges)?;
            let lacking = height.saturating_sub(frame.size().0);
            pad(frame, [0, lacking, 0, lacking], edges)?;
        }
        let (rows, columns) = frame.size();
        let (Some(down), Some(right)) = (rows.checked_sub(height), columns.checked_sub(width)) else {
            return Err(Error::failed(format!(
                "no crop of {height} rows and {width} columns can be cut out of {rows} rows and {columns} columns; resize \
                 first, or say `pad_if_needed: true`"
            )));
        };
        let (top, left) = (at_most(random, down), at_most(random, right));
        frame.crop(signed(top), signed(left), height, width, edges)
    }
}

fn pad(frame: &mut Frame<'_>, [left, top, right, bottom]: [usize; 4], edges: Edges) -> Result<()> {
    let (rows, columns) = frame.size();
    frame.crop(-signed(top), -signed(left), top + rows + bottom, left + columns + right, edges)
}

fn signed(pixels: usize) -> isize {
    isize::try_from(pixels).unwrap_or(isize::MAX)
}

/// Pixels around an image: one number for all sides, or [left and right, top and bottom], or [left, top, right, bottom].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Numbers<u16>", into = "Numbers<u16>")]
pub struct Padding {
    left: u16,
    top: u16,
    right: u16,
    bottom: u16,
}

impl TryFrom<Numbers<u16>> for Padding {
    type Error = &'static str;

    fn try_from(Numbers(numbers): Numbers<u16>) -> std::result::Result<Self, &'static str> {
        match numbers[..] {
            [all] => Ok(Self { left: all, top: all, right: all, bottom: all }),
            [x, y] => Ok(Self { left: x, top: y, right: x, bottom: y }),
            [left, top, right, bottom] => Ok(Self { left, top, right, bottom }),
            _ => Err(
                "padding is one number, or two: [left and right, top and bottom], or four: [left, top, right, bottom]",
            ),
        }
    }
}

impl From<Padding> for Numbers<u16> {
    fn from(Padding { left, top, right, bottom }: Padding) -> Self {
        if [top, right, bottom] == [left; 3] { Self(vec![left]) } else { Self(vec![left, top, right, bottom]) }
    }
}
