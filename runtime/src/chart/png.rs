//! A chart as PNG, on white paper, with two pixels for each CSS pixel.

use super::palette::{PAPER, colours};
use super::{Anchor, Chart, Ink, Mark, drawing};
use crate::error::{Error, Result};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};
use tiny_skia::{
    Color, FillRule, LineJoin, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Stroke, StrokeDash, Transform,
};

/// Pixels in a CSS pixel.
const SCALE: f64 = 2.0;

/// The letters, which are drawn pixel by pixel.
const LETTERS: RasterHeight = RasterHeight::Size24;

/// The chart as a PNG file.
///
/// # Errors
/// When it is larger than such files can be.
pub(crate) fn png(chart: &Chart) -> Result<Vec<u8>> {
    let failed = |why: &dyn std::fmt::Display| Error::failed(format!("the chart cannot be drawn: {why}"));
    let drawing = drawing(chart);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "too much becomes too large a picture")]
    let [width, height] = [drawing.width, drawing.height].map(|side| (side * SCALE).ceil() as u32);
    let mut canvas = Pixmap::new(width, height).ok_or_else(|| failed(&"it has no size"))?;
    let [white, _] = PAPER;
    let [red, green, blue] = white;
    canvas.fill(Color::from_rgba8(red, green, blue, u8::MAX));
    for mark in &drawing.marks {
        draw(mark, &mut canvas);
    }
    let colours =
        canvas.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect::<Vec<u8>>();
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up);
    encoder.write_image(&colours, width, height, ExtendedColorType::Rgb8).map_err(|e| failed(&e))?;
    Ok(bytes)
}

fn draw(mark: &Mark, canvas: &mut Pixmap) {
    let transform = Transform::from_scale(single(SCALE), single(SCALE));
    match mark {
        Mark::Line { points, ink, width, is_dashed } => {
            let mut path = PathBuilder::new();
            for (index, (x, y)) in points.iter().enumerate() {
                if index == 0 { path.move_to(single(*x), single(*y)) } else { path.line_to(single(*x), single(*y)) }
            }
            let dash = is_dashed.then(|| StrokeDash::new(vec![5.0, 3.0], 0.0)).flatten();
            let stroke = Stroke { width: single(*width), line_join: LineJoin::Round, dash, ..Stroke::default() };
            if let Some(path) = path.finish() {
                canvas.stroke_path(&path, &paint(*ink), &stroke, transform, None);
            }
        }
        Mark::Dot { at: (x, y), ink } => {
            if let Some(path) = PathBuilder::from_circle(single(*x), single(*y), 2.5) {
                canvas.fill_path(&path, &paint(*ink), FillRule::Winding, transform, None);
            }
        }
        Mark::Text { at, anchor, ink, is_bold, text } => write(text, *at, *anchor, *ink, *is_bold, canvas),
    }
}

/// The colour on white paper.
fn colour(ink: Ink) -> [u8; 3] {
    let [light, _] = colours(ink);
    light
}

fn paint(ink: Ink) -> Paint<'static> {
    let [red, green, blue] = colour(ink);
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, u8::MAX);
    paint
}

#[expect(clippy::cast_possible_truncation, reason = "pixels are counted in single precision")]
fn single(value: f64) -> f32 {
    value as f32
}

fn write(text: &str, (x, y): (f64, f64), anchor: Anchor, ink: Ink, is_bold: bool, canvas: &mut Pixmap) {
    let weight = if is_bold { FontWeight::Bold } else { FontWeight::Regular };
    let advance = get_raster_width(weight, LETTERS);
    let length = text.chars().count() * advance;
    let before = match anchor {
        Anchor::Start => 0,
        Anchor::Middle => length / 2,
        Anchor::End => length,
    };
    let whole = |length: usize| i64::try_from(length).unwrap_or(0);
    #[expect(clippy::cast_possible_truncation, reason = "pictures are small")]
    let (left, baseline) = ((x * SCALE) as i64 - whole(before), (y * SCALE) as i64);
    // A letter's square reaches a fifth below its baseline.
    let height = whole(LETTERS.val());
    let top = baseline - height + height / 5;
    for (character, left) in text.chars().zip((left..).step_by(advance.max(1))) {
        let Some(glyph) = glyph(character, weight) else { continue };
        for (line, row) in glyph.rows().zip(top..) {
            for (coverage, column) in line.iter().zip(left..) {
                blend(canvas, (column, row), colour(ink), *coverage);
            }
        }
    }
}

/// What there is no glyph for is shown as a question mark in a diamond.
fn glyph(character: char, weight: FontWeight) -> Option<RasterizedChar> {
    let raster = |character| get_raster(character, weight, LETTERS);
    raster(character).or_else(|| raster(char::REPLACEMENT_CHARACTER)).or_else(|| raster('?'))
}

/// Puts a colour over a pixel, if there is such a pixel, so far as it is covered.
fn blend(canvas: &mut Pixmap, (column, row): (i64, i64), colour: [u8; 3], coverage: u8) {
    let width = i64::from(canvas.width());
    let inside = (0..width).contains(&column) && row >= 0;
    let index = usize::try_from(row * width + column).ok().filter(|_| inside);
    let Some(pixel) = index.and_then(|index| canvas.pixels_mut().get_mut(index)) else { return };
    let below = [pixel.red(), pixel.green(), pixel.blue()];
    let mut mixed = colour;
    for (value, below) in mixed.iter_mut().zip(below) {
        let sum = u16::from(*value) * u16::from(coverage) + u16::from(below) * u16::from(u8::MAX - coverage);
        *value = u8::try_from(sum / 255).unwrap_or(u8::MAX);
    }
    let [red, green, blue] = mixed;
    if let Some(mixed) = PremultipliedColorU8::from_rgba(red, green, blue, u8::MAX) {
        *pixel = mixed;
    }
}
