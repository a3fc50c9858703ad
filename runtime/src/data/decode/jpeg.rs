//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.

use super::{Limits, Stored};
use crate::data::ImageSize;
use image::metadata;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

pub(super) fn decode(bytes: &[u8], limits: Limits) -> Result<Stored, String> {
    // The decoder fills up what is missing at the end of a file.
    if !has_end(bytes) {
        return Err("the file is cut off: it has no marker of its end".into());
    }
    // It would also make something of damaged data, unless it is strict.
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| error.to_string())?;
    let (Some((width, height)), Some(stored)) = (decoder.dimensions(), decoder.input_colorspace()) else {
        return Err("its header is missing".into());
    };
    let (colorspace, channels) = if stored == ColorSpace::Luma { (stored, 1) } else { (ColorSpace::RGB, 3) };
    // Progressive files are collected in 16 bits for each component first.
    limits.check(width, height, channels + 2 * stored.num_components())?;
    // Every block of 8 by 8 takes at least a bit; twice that is left for odd samplings. The decoder would make up the rest.
    if width * height / 128 > bytes.len() * 8 {
        return Err(format!("{} bytes cannot hold the {width} by {height} pixels that it claims", bytes.len()));
    }
    decoder.set_options(options.jpeg_set_out_colorspace(colorspace));
    let mut pixels = vec![0; width * height * channels];
    decoder.decode_into(&mut pixels).map_err(|error| error.to_string())?;
    let orientation = decoder.exif().and_then(|exif| metadata::Orientation::from_exif_chunk(exif));
    Ok(Stored { size: ImageSize { height, width, channels }, pixels, orientation })
}

/// Whether there is a marker of the image's end, outside of segments, which can hold smaller images with such markers.
fn has_end(mut bytes: &[u8]) -> bool {
    while let Some(place) = bytes.iter().position(|&byte| byte == 0xFF) {
        bytes = &bytes[place + 1..];
        match bytes {
            [0xD9, ..] => return true,
            // A byte 255 in the data, the markers of restarts and of the beginning, and filling.
            [0x00 | 0x01 | 0xD0..=0xD8, rest @ ..] => bytes = rest,
            [0xFF, ..] => {}
            [_, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                bytes = bytes.get(1 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}
