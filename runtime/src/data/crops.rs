//! Several views of one image, over which predictions are averaged: ten crops, and the 144 crops of the paper.

mod input;

pub use input::CropTransform;

use super::resample::{Filter, Rectangle};
use super::transform::{Edges, Frame, centred, shorter_side};
use super::{Image, ImageSize};
use crate::error::{Error, Result};
use std::borrow::Cow;

/// The lengths of the shorter side at which the paper cuts its crops.
pub const PAPER_SCALES: [usize; 4] = [256, 288, 320, 352];

/// The side of the paper's input.
const PAPER_INPUT: usize = 224;

/// Which views of an image the probabilities are averaged over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "torch", derive(clap::ValueEnum))]
pub enum Crops {
    /// One: what the steps for testing make of the image.
    #[default]
    #[cfg_attr(feature = "torch", value(name = "1"))]
    One,
    /// [`ten`], where the shorter side of the image becomes the first of [`scales`].
    #[cfg_attr(feature = "torch", value(name = "10"))]
    Ten,
    /// [`multi_scale`] at [`scales`], for networks whose input is a square.
    #[cfg_attr(feature = "torch", value(name = "144"))]
    Paper,
}

impl Crops {
    /// How many views of an image there are.
    pub fn count(self) -> usize {
        match self {
            Self::One => 1,
            Self::Ten => 10,
            Self::Paper => 144,
        }
    }
}

/// The paper's scales for an input whose longer side is `side`: in proportion, rounded to whole pixels, halves upwards. For 224 these
/// are [`PAPER_SCALES`], for 96 they are 110, 123, 137 and 151.
pub fn scales(side: usize) -> [usize; 4] {
    PAPER_SCALES.map(|scale| (scale * side + PAPER_INPUT / 2) / PAPER_INPUT)
}

/// A part of a resized image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Rows and columns that the whole image is resized to.
    pub resized: (usize, usize),
    /// What is cut out of that.
    pub window: Rectangle,
    /// Rows and columns that the part is resized to.
    pub size: (usize, usize),
    /// Whether left and right change places at last.
    pub mirrored: bool,
}

impl View {
    /// What is seen of `image`, whose size this view was made for.
    ///
    /// # Errors
    /// When the image is of another size, in which the view does not lie, or the result does not fit into memory.
    pub fn of(&self, image: &Image, filter: Filter) -> Result<Image> {
        let mut frame = Frame::new(Cow::Borrowed(image), self.size);
        frame.resize(self.resized.0, self.resized.1, filter)?;
        let Rectangle { top, left, height, width } = self.window;
        let signed = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        frame.crop(signed(top), signed(left), height, width, Edges::default())?;
        frame.resize(self.size.0, self.size.1, filter)?;
        if self.mirrored {
            frame.flip();
        }
        frame.into_image()
    }
}

/// The corners (top left, top right, bottom left, bottom right) and the centre, and then the same five of the mirrored image,
/// in the order of torchvision's `TenCrop`.
///
/// The image is `image` pixels large, its shorter side becomes `side` first, if that is given, and crops have `height` rows and `width` columns.
///
/// # Errors
/// When the crop is larger than the image.
pub fn ten(image: ImageSize, side: Option<usize>, (height, width): (usize, usize)) -> Result<Vec<View>> {
    let resized = resized(image, side);
    let views = five(Rectangle::whole(resized.0, resized.1), height, width)?;
    let view = |window, mirrored| View { resized, window, size: (height, width), mirrored };
    // Cut out of the mirrored image, and said in places of the image.
    let mirrored = |window: Rectangle| Rectangle { left: resized.1 - window.left - width, ..window };
    let plain = views.iter().map(|&window| view(window, false));
    Ok(plain.chain(views.iter().map(|&window| view(mirrored(window), true))).collect())
}

/// The paper's crops (section 7): at each of `scales`, the length of the shorter side, three squares (left, centre, right, or
/// top, centre, bottom); of each square the four corners and the centre, `crop` pixels wide and high, and the whole square
/// resized to that; and each of these mirrored. With [`PAPER_SCALES`] these are 4 x 3 x 6 x 2 = 144.
///
/// # Errors
/// When the crop is larger than a scale.
pub fn multi_scale(image: ImageSize, scales: &[usize], crop: usize) -> Result<Vec<View>> {
    let mut views = Vec::new();
    for &side in scales {
        let resized = resized(image, Some(side));
        for square in squares(resized, side) {
            let mut windows = five(square, crop, crop)?;
            windows.push(square);
            for window in windows {
                let view = View { resized, window, size: (crop, crop), mirrored: false };
                views.extend([view, View { mirrored: true, ..view }]);
            }
        }
    }
    Ok(views)
}

fn resized(image: ImageSize, side: Option<usize>) -> (usize, usize) {
    let stored = (image.height, image.width);
    side.map_or(stored, |side| shorter_side(stored, side))
}

/// The squares at both ends and in the middle of the longer side. Of a square image all three are the same.
fn squares((height, width): (usize, usize), side: usize) -> [Rectangle; 3] {
    let slack = height.max(width) - side;
    [0, centre(height.max(width), side), slack].map(|begin| {
        let (top, left) = if height > width { (begin, 0) } else { (0, begin) };
        Rectangle { top, left, height: side, width: side }
    })
}

/// The corners and the centre of a part of an image.
fn five(part: Rectangle, height: usize, width: usize) -> Result<Vec<Rectangle>> {
    let (Some(down), Some(right)) = (part.height.checked_sub(height), part.width.checked_sub(width)) else {
        return Err(Error::failed(format!(
            "crops of {height} rows and {width} columns cannot be cut out of {} rows and {} columns",
            part.height, part.width
        )));
    };
    let middle = (centre(part.height, height), centre(part.width, width));
    let place = |(top, left)| Rectangle { top: part.top + top, left: part.left + left, height, width };
    Ok([(0, 0), (0, right), (down, 0), (down, right), middle].map(place).to_vec())
}

/// Where the centre begins; the crop is not larger than the side.
fn centre(side: usize, length: usize) -> usize {
    usize::try_from(centred(side, length)).unwrap_or(0)
}
