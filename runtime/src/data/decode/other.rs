//! PNG, BMP and WebP.

use super::{Limits, Stored};
use crate::data::ImageSize;
use image::{ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

pub(super) fn decode(bytes: &[u8], format: ImageFormat, limits: Limits) -> Result<Stored, String> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allocation = image::Limits::no_limits();
    allocation.max_alloc = Some(limits.bytes);
    reader.limits(allocation);
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let color = decoder.color_type();
    limits.check(width, height, usize::from(color.bytes_per_pixel()))?;
    let orientation = decoder.orientation().ok();
    let mut values = vec![0; width * height * usize::from(color.bytes_per_pixel())];
    decoder.read_image(&mut values).map_err(|error| error.to_string())?;

    let given = usize::from(color.channel_count());
    let channels = if color.has_color() { 3 } else { 1 };
    if usize::from(color.bytes_per_pixel()) == 2 * given {
        values = values.as_chunks().0.iter().map(|&pair| u16::from_ne_bytes(pair).to_be_bytes()[0]).collect();
    }
    if given > channels {
        values = values.chunks_exact(given).flat_map(|pixel| &pixel[..channels]).copied().collect();
    }
    Ok(Stored { size: ImageSize { height, width, channels }, pixels: values, orientation })
}
