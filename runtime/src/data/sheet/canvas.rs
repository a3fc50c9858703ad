//! White paper for pictures and text.

use crate::data::{Image, ImageSize};
use crate::error::{Error, Result};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};

/// The height of a line of text, with the space below it.
pub(super) const LINE: usize = 20;

const PAPER: u8 = 255;
const INK: u8 = 40;
const FRAME: u8 = 215;

/// More pixels than this are no contact sheet.
const MOST_PIXELS: usize = 1 << 28;

/// Grey where it is not covered by pictures.
pub(super) struct Canvas {
    height: usize,
    width: usize,
    pixels: Vec<[u8; 3]>,
}

impl Canvas {
    pub(super) fn new(height: usize, width: usize) -> Result<Self> {
        if height.saturating_mul(width) > MOST_PIXELS {
            return Err(Error::failed(format!(
                "a sheet of {width} x {height} pixels is too large; show fewer images or epochs"
            )));
        }
        Ok(Self { height, width, pixels: vec![[PAPER; 3]; height * width] })
    }

    pub(super) fn into_image(self) -> Result<Image> {
        let size = ImageSize { height: self.height, width: self.width, channels: 3 };
        Image::new(size, self.pixels.into_flattened())
    }

    fn set(&mut self, row: usize, column: usize, colour: [u8; 3]) {
        if column < self.width
            && let Some(pixel) = self.pixels.get_mut(row * self.width + column)
        {
            *pixel = colour;
        }
    }

    /// One line, cut off at `width` pixels.
    pub(super) fn text(&mut self, top: usize, left: usize, width: usize, text: &str) {
        let advance = get_raster_width(FontWeight::Regular, RasterHeight::Size16);
        let most = width / advance;
        let cut = text.chars().count() > most;
        let shown = text.chars().take(if cut { most.saturating_sub(3) } else { most });
        let dots = if cut { "..." } else { "" };
        for (place, character) in shown.chain(dots.chars()).enumerate() {
            if let Some(glyph) = glyph(character) {
                for (row, line) in glyph.rows().enumerate() {
                    for (column, &coverage) in line.iter().enumerate() {
                        if coverage > 0 {
                            let value = mix(coverage);
                            self.set(top + row, left + place * advance + column, [value; 3]);
                        }
                    }
                }
            }
        }
    }

    /// A picture of red, green and blue in the middle of a place, with a thin line around it.
    pub(super) fn picture(&mut self, top: usize, left: usize, height: usize, width: usize, picture: &Image) {
        let ImageSize { height: rows, width: columns, .. } = picture.size();
        let top = top + height.saturating_sub(rows) / 2;
        let left = left + width.saturating_sub(columns) / 2;
        for row in 0..rows + 2 {
            for column in 0..columns + 2 {
                self.set((top + row).saturating_sub(1), (left + column).saturating_sub(1), [FRAME; 3]);
            }
        }
        for (row, line) in picture.pixels().chunks_exact(columns * 3).enumerate() {
            for (column, &colour) in line.as_chunks::<3>().0.iter().enumerate() {
                self.set(top + row, left + column, colour);
            }
        }
    }
}

/// What there is no glyph for is shown as a question mark in a diamond.
fn glyph(character: char) -> Option<RasterizedChar> {
    let raster = |character| get_raster(character, FontWeight::Regular, RasterHeight::Size16);
    raster(character).or_else(|| raster(char::REPLACEMENT_CHARACTER)).or_else(|| raster('?'))
}

/// Ink that covers this much of the paper, out of 255.
fn mix(coverage: u8) -> u8 {
    let (coverage, ink, paper) = (u32::from(coverage), u32::from(INK), u32::from(PAPER));
    u8::try_from((ink * coverage + paper * (255 - coverage)) / 255).unwrap_or(PAPER)
}
