//! GIF: the first frame.

use super::{Limits, Stored};
use crate::data::ImageSize;
use gif::{ColorOutput, DecodeOptions};

pub(super) fn decode(bytes: &[u8], limits: Limits) -> Result<Stored, String> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let mut decoder = options.read_info(bytes).map_err(|error| error.to_string())?;
    let screen = (usize::from(decoder.width()), usize::from(decoder.height()));
    let frame = decoder.next_frame_info().map_err(|error| error.to_string())?.ok_or("it has no frame")?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (frame_width, frame_height) = (usize::from(frame.width), usize::from(frame.height));
    // What the frame leaves of the screen is transparent, or the first colour where nothing is.
    let around = frame.transparent.unwrap_or(0);
    let (width, height) = (screen.0.max(left + frame_width), screen.1.max(top + frame_height));
    limits.check(width, height, 4)?;
    let palette = decoder.palette().map_err(|error| error.to_string())?.to_vec();
    let mut indices = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut indices).map_err(|error| error.to_string())?;

    let mut canvas = vec![around; width * height];
    for (row, from) in canvas.chunks_exact_mut(width.max(1)).skip(top).zip(indices.chunks_exact(frame_width.max(1))) {
        row[left..left + frame_width].copy_from_slice(from);
    }
    // Colours beyond the palette are black.
    let colours = palette.as_chunks::<3>().0;
    let pixels =
        canvas.iter().flat_map(|&index| colours.get(usize::from(index)).copied().unwrap_or_default()).collect();
    Ok(Stored { size: ImageSize { height, width, channels: 3 }, pixels, orientation: None })
}
