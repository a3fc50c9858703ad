//! An image on its way through the steps. Geometry is collected and done late, so that only pixels that are kept are computed.

use super::edges::{Edges, extended};
use crate::data::resample::{Filter, Rectangle, resize_window};
use crate::data::{Image, ImageSize};
use crate::error::{Error, Result};
use std::borrow::Cow;

/// More pixels than this are not made of an image: a resize that asks for them is a mistake, and memory would run out.
const MOST_PIXELS: usize = 1 << 28;

/// An image, and what is still to be done with it, in the order of the fields.
pub(crate) struct Frame<'a> {
    image: Cow<'a, Image>,
    /// What is resized.
    source: Rectangle,
    /// Rows and columns that it is to have then.
    resized: Option<(usize, usize, Filter)>,
    /// What is kept of that.
    window: Rectangle,
    /// Whether left and right change places.
    mirrored: bool,
    /// What is added to the values of red, green and blue, on the scale from 0 to 1, when they become floats.
    pub(super) light: Option<[f64; 3]>,
    /// Rows and columns of the network's input.
    pub(super) input: (usize, usize),
}

impl<'a> Frame<'a> {
    pub(crate) fn new(image: Cow<'a, Image>, input: (usize, usize)) -> Self {
        let all = whole(&image);
        Self { image, source: all, resized: None, window: all, mirrored: false, light: None, input }
    }

    /// Rows and columns, as if all were done.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.window.height, self.window.width)
    }

    pub(crate) fn flip(&mut self) {
        self.mirrored = !self.mirrored;
    }

    pub(crate) fn resize(&mut self, height: usize, width: usize, filter: Filter) -> Result<()> {
        if self.size() == (height, width) {
            return Ok(());
        }
        if self.resized.is_some() || self.mirrored {
            self.settle()?;
        }
        self.source = self.window;
        self.resized = Some((height, width, filter));
        self.window = Rectangle::whole(height, width);
        Ok(())
    }

    /// Keeps `height` rows from row `top` on, and `width` columns from column `left` on. They may lie outside of the image,
    /// which then goes on as `edges` says.
    pub(crate) fn crop(&mut self, top: isize, left: isize, height: usize, width: usize, edges: Edges) -> Result<()> {
        let start = |begin: isize, length: usize, side: usize| {
            usize::try_from(begin).ok().filter(|begin| begin.saturating_add(length) <= side)
        };
        let (rows, columns) = self.size();
        if let (Some(top), Some(left)) = (start(top, height, rows), start(left, width, columns)) {
            let left = if self.mirrored { columns - left - width } else { left };
            self.window = Rectangle { top: self.window.top + top, left: self.window.left + left, height, width };
            return Ok(());
        }
        check_size(height, width)?;
        self.settle()?;
        self.replace(extended(&self.image, top, left, height, width, edges)?);
        Ok(())
    }

    /// The pixels, perhaps still mirrored, to be changed one by one.
    pub(super) fn pixels(&mut self) -> Result<&mut Image> {
        self.materialise()?;
        Ok(self.image.to_mut())
    }

    /// The image when all is done, but for the light.
    pub(crate) fn into_image(mut self) -> Result<Image> {
        self.settle()?;
        Ok(self.image.into_owned())
    }

    /// Hands every row of the finished image to `write`: its pixels as they lie in memory, and whether to read them backwards.
    pub(super) fn write_rows(mut self, mut write: impl FnMut(&[u8], bool)) -> Result<()> {
        if self.resized.is_some() {
            self.materialise()?;
        }
        rows(&self.image, self.window).for_each(|row| write(row, self.mirrored));
        Ok(())
    }

    /// Resizes and crops.
    fn materialise(&mut self) -> Result<()> {
        let Rectangle { height, width, .. } = self.window;
        if let Some((rows, columns, filter)) = self.resized {
            check_size(height, width)?;
            let image = resize_window(&self.image, self.source, rows, columns, self.window, filter)?;
            self.replace(image);
        } else if self.window != whole(&self.image) {
            let pixels = rows(&self.image, self.window).flatten().copied().collect();
            let image = Image::new(ImageSize { height, width, ..self.image.size() }, pixels)?;
            self.replace(image);
        }
        Ok(())
    }

    /// Resizes, crops and mirrors.
    fn settle(&mut self) -> Result<()> {
        self.materialise()?;
        if self.mirrored {
            let ImageSize { width, channels, .. } = self.image.size();
            let image = self.image.to_mut();
            for row in image.pixels_mut().chunks_exact_mut(width * channels) {
                mirror(row, channels);
            }
            self.mirrored = false;
        }
        Ok(())
    }

    /// Puts an image into the place of what was there; mirroring stays to be done.
    fn replace(&mut self, image: Image) {
        self.window = whole(&image);
        self.source = self.window;
        self.resized = None;
        self.image = Cow::Owned(image);
    }
}

fn whole(image: &Image) -> Rectangle {
    Rectangle::whole(image.size().height, image.size().width)
}

/// The rows of a window, which lies inside of the image.
fn rows(image: &Image, window: Rectangle) -> impl Iterator<Item = &[u8]> {
    let ImageSize { width, channels, .. } = image.size();
    let rows = image.pixels().chunks_exact(width * channels).skip(window.top).take(window.height);
    rows.map(move |row| &row[window.left * channels..(window.left + window.width) * channels])
}

fn mirror(row: &mut [u8], channels: usize) {
    let width = row.len() / channels;
    for column in 0..width / 2 {
        for channel in 0..channels {
            row.swap(column * channels + channel, (width - 1 - column) * channels + channel);
        }
    }
}

fn check_size(height: usize, width: usize) -> Result<()> {
    if height.saturating_mul(width) > MOST_PIXELS {
        return Err(Error::failed(format!(
            "a step makes an image of {height} rows and {width} columns of it, and at most {MOST_PIXELS} pixels are made; \
             an image that is much longer than wide can be given both sides: resize: [HEIGHT, WIDTH]"
        )));
    }
    Ok(())
}
