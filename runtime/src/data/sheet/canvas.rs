//! White paper for pictures and text.

use crate::data::{Image, ImageSize};
use crate::error::{Error, Result};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};

/// The height of a line of text, with the space below it.
pub(crate) const LINE: usize = 20;

const PAPER: u8 = 255;
const INK: [u8; 3] = [40; 3];
const FRAME: u8 = 215;

/// More pixels than this are no contact sheet.
const MOST_PIXELS: usize = 1 << 28;

/// Grey where it is not covered by pictures.
pub(crate) struct Canvas {
    height: usize,
    width: usize,
    pixels: Vec<[u8; 3]>,
}

impl Canvas {
    pub(crate) fn new(height: usize, width: usize) -> Result<Self> {
        if height.saturating_mul(width) > MOST_PIXELS {
            return Err(Error::failed(format!(
                "a sheet of {width} x {height} pixels is too large; show fewer images or epochs"
            )));
        }
        Ok(Self { height, width, pixels: vec![[PAPER; 3]; height * width] })
    }

    pub(crate) fn into_image(self) -> Result<Image> {
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
    pub(crate) fn text(&mut self, top: usize, left: usize, width: usize, text: &str) {
        self.text_in(top, left, width, text, INK);
    }

    /// The same in a colour.
    pub(crate) fn text_in(&mut self, top: usize, left: usize, width: usize, text: &str, ink: [u8; 3]) {
        self.write(text, width, ink, |down, right| Some((top + down, left + right)));
    }

    /// One line that is read upwards from `bottom`, cut off at `length` pixels.
    pub(crate) fn text_upwards(&mut self, bottom: usize, left: usize, length: usize, text: &str) {
        self.write(text, length, INK, |down, right| Some((bottom.checked_sub(right + 1)?, left + down)));
    }

    /// Writes pixels, of which each has so many below the upper edge of the line and right of its beginning, where `place` says.
    fn write(
        &mut self,
        text: &str,
        length: usize,
        ink: [u8; 3],
        place: impl Fn(usize, usize) -> Option<(usize, usize)>,
    ) {
        let most = letters(length);
        let cut = text.chars().count() > most;
        let shown = text.chars().take(if cut { most.saturating_sub(3) } else { most });
        let dots = if cut { "..." } else { "" };
        for (number, character) in shown.chain(dots.chars()).enumerate() {
            let Some(glyph) = glyph(character) else { continue };
            for (down, line) in glyph.rows().enumerate() {
                for (right, &coverage) in line.iter().enumerate() {
                    if coverage > 0
                        && let Some((row, column)) = place(down, width_of(number) + right)
                    {
                        self.blend(row, column, ink, coverage);
                    }
                }
            }
        }
    }

    /// Ink that covers this much of a pixel, out of 255.
    fn blend(&mut self, row: usize, column: usize, ink: [u8; 3], coverage: u8) {
        let below = self.pixels.get(row * self.width + column).copied().unwrap_or_default();
        let mut mixed = ink;
        for (value, below) in mixed.iter_mut().zip(below) {
            let (coverage, ink, below) = (u32::from(coverage), u32::from(*value), u32::from(below));
            *value = u8::try_from((ink * coverage + below * (255 - coverage)) / 255).unwrap_or(PAPER);
        }
        self.set(row, column, mixed);
    }

    /// A rectangle of one colour.
    pub(crate) fn fill(&mut self, (top, left): (usize, usize), (height, width): (usize, usize), colour: [u8; 3]) {
        for row in top..top + height {
            for column in left..left + width {
                self.set(row, column, colour);
            }
        }
    }

    /// A picture of red, green and blue in the middle of a place, with a thin line around it.
    pub(crate) fn picture(&mut self, top: usize, left: usize, height: usize, width: usize, picture: &Image) {
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

/// How many letters have room in so many pixels.
pub(crate) fn letters(width: usize) -> usize {
    width / advance()
}

/// How many pixels so many letters are wide.
pub(crate) fn width_of(letters: usize) -> usize {
    letters * advance()
}

fn advance() -> usize {
    get_raster_width(FontWeight::Regular, RasterHeight::Size16)
}
