//! Resizing as Pillow does it, to the last bit: antialiased, in two passes over bytes.
//!
//! Each pass gives every new pixel a weighted mean of old ones. The weights are a filter around the new pixel's
//! centre, which is widened by the scale where the image shrinks, so that every old pixel counts. They are fixed-point
//! numbers of 22 bits, and each pass rounds to a byte. Only what the wanted window of the result needs is computed.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod passes;
mod weights;

use super::{Image, ImageSize};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use weights::Weights;

/// How a new pixel is made of the old ones near it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// The old pixel that the new one's centre lies in; not antialiased.
    Nearest,
    /// The mean of the old pixels below the new one, also called "area".
    Box,
    /// A triangle that reaches to the next pixels' centres.
    #[default]
    Bilinear,
    /// The cubic polynomial with a = -1/2, which reaches two pixels far.
    Bicubic,
}

/// Whole pixels of an image, from `top` and `left` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// The first row.
    pub top: usize,
    /// The first column.
    pub left: usize,
    /// The number of rows.
    pub height: usize,
    /// The number of columns.
    pub width: usize,
}

impl Rectangle {
    /// All of an image with this many rows and columns.
    pub fn whole(height: usize, width: usize) -> Self {
        Self { top: 0, left: 0, height, width }
    }

    fn rows(self) -> Range<usize> {
        self.top..self.top.saturating_add(self.height)
    }

    fn columns(self) -> Range<usize> {
        self.left..self.left.saturating_add(self.width)
    }

    /// Whether it has at least one pixel and none outside of an image of this size.
    fn is_within(self, height: usize, width: usize) -> bool {
        let fits = |range: Range<usize>, end| !range.is_empty() && range.end <= end;
        fits(self.rows(), height) && fits(self.columns(), width)
    }
}

/// The image with `height` rows and `width` columns.
///
/// # Errors
/// When a side is 0, or the result does not fit into memory.
pub fn resize(image: &Image, height: usize, width: usize, filter: Filter) -> Result<Image> {
    let ImageSize { height: rows, width: columns, .. } = image.size();
    resize_window(image, Rectangle::whole(rows, columns), height, width, Rectangle::whole(height, width), filter)
}

/// Crops `source` out of the image, resizes that to `height` rows and `width` columns, and crops `window` out of the
/// result, without computing the rest. As in torchvision, which crops first, pixels outside of `source` do not count.
///
/// # Errors
/// When a rectangle is empty or reaches beyond its image, or the result does not fit into memory.
pub fn resize_window(
    image: &Image,
    source: Rectangle,
    height: usize,
    width: usize,
    window: Rectangle,
    filter: Filter,
) -> Result<Image> {
    let ImageSize { height: rows, width: columns, channels } = image.size();
    if !matches!(channels, 1 | 3) {
        return Err(Error::failed(format!("images of {channels} channels cannot be resized, only grey and colour")));
    }
    if !source.is_within(rows, columns) {
        return Err(Error::failed(format!("{source:?} is not within an image of {rows} rows and {columns} columns")));
    }
    if !window.is_within(height, width) {
        return Err(Error::failed(format!("{window:?} is not within a result of {height} rows and {width} columns")));
    }
    let size = ImageSize { height: window.height, width: window.width, channels };
    let mut pixels = zeros(size)?;
    let view = View { part: source, ..View::of(image.pixels(), rows, columns, channels) };
    if filter == Filter::Nearest {
        passes::nearest(view, height, width, window, &mut pixels);
        return Image::new(size, pixels);
    }
    let down = Weights::new(filter, source.height, height, window.rows())?;
    let across = Weights::new(filter, source.width, width, window.columns())?;
    // What the second pass does not look at is left out of the first.
    if vertical_first(source, height, width) {
        let needed = across.needed();
        let mut between = zeros(ImageSize { width: needed.len(), ..size })?;
        passes::vertical(view.columns(needed.clone()), 0, &down, &mut between);
        let between = View::of(&between, window.height, needed.len(), channels);
        passes::horizontal(between, needed.start, &across, &mut pixels);
    } else {
        let needed = down.needed();
        let mut between = zeros(ImageSize { height: needed.len(), ..size })?;
        passes::horizontal(view.rows(needed.clone()), 0, &across, &mut between);
        let between = View::of(&between, needed.len(), window.width, channels);
        passes::vertical(between, needed.start, &down, &mut pixels);
    }
    Image::new(size, pixels)
}

/// Whether Pillow takes the vertical pass first, which it does since version 13 where that removes more than twice as
/// many rows as the other one removes columns. The order matters, because each pass rounds.
fn vertical_first(source: Rectangle, height: usize, width: usize) -> bool {
    let removed = |old: usize, new: usize| (old as i128) - (new as i128);
    let rows = removed(source.height, height);
    rows > 0 && rows > 2 * removed(source.width, width)
}

/// Part of an image.
#[derive(Clone, Copy)]
struct View<'a> {
    pixels: &'a [u8],
    /// Bytes from one row to the next.
    stride: usize,
    channels: usize,
    part: Rectangle,
}

impl<'a> View<'a> {
    /// A whole image.
    fn of(pixels: &'a [u8], height: usize, width: usize, channels: usize) -> Self {
        Self { pixels, stride: width * channels, channels, part: Rectangle::whole(height, width) }
    }

    fn rows(self, rows: Range<usize>) -> Self {
        let part = Rectangle { top: self.part.top + rows.start, height: rows.len(), ..self.part };
        Self { part, ..self }
    }

    fn columns(self, columns: Range<usize>) -> Self {
        let part = Rectangle { left: self.part.left + columns.start, width: columns.len(), ..self.part };
        Self { part, ..self }
    }

    /// The bytes of row `row` of the part.
    fn row(self, row: usize) -> &'a [u8] {
        let start = (self.part.top + row) * self.stride + self.part.left * self.channels;
        &self.pixels[start..start + self.part.width * self.channels]
    }
}

fn zeros(size: ImageSize) -> Result<Vec<u8>> {
    let ImageSize { height, width, channels } = size;
    let bytes = height.checked_mul(width).and_then(|pixels| pixels.checked_mul(channels));
    let too_large = || Error::failed(format!("an image of {height} rows and {width} columns does not fit into memory"));
    let bytes = bytes.ok_or_else(too_large)?;
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(bytes).map_err(|_| too_large())?;
    pixels.extend(std::iter::repeat_n(0, bytes));
    Ok(pixels)
}
