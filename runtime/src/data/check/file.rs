//! One image of a data set.

use super::Size;
use crate::data::Source;
use crate::data::decode::is_supported;
use crate::data::parallel::guarded;
use crate::error::Error;
use image::{ColorType, ImageDecoder, ImageFormat, ImageReader};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// What an image is like.
pub(super) struct Found {
    pub(super) size: Size,
    /// As in `JPEG, RGB`.
    pub(super) format: String,
}

/// Looks at image `index`, all of it if it is to be decoded. Otherwise why it cannot be read, with its name.
pub(super) fn look_at(source: &dyn Source, index: usize, decode: bool) -> Result<Found, String> {
    let look = || {
        let path = source.path(index);
        let found = path.as_deref().map(|path| header(path).map_err(Error::failed)).transpose()?;
        match found {
            Some(found) if !decode => Ok(found),
            found => {
                let size = source.image(index)?.size();
                let format = if size.channels == 1 { "grey" } else { "RGB" };
                Ok(found.unwrap_or(Found {
                    size: Size { height: size.height, width: size.width },
                    format: format.to_owned(),
                }))
            }
        }
    };
    guarded(look, || source.name(index)).map_err(|e| e.to_string())
}

/// What the beginning of a file says.
fn header(path: &Path) -> Result<Found, String> {
    let cannot = |verb: &str, reason: &dyn std::fmt::Display| format!("cannot {verb} `{}`: {reason}", path.display());
    let file = File::open(path).map_err(|e| cannot("read", &e))?;
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(|e| cannot("read", &e))?;
    let format = reader.format().filter(|&format| is_supported(format));
    let name = match format.map(ImageFormat::extensions_str) {
        Some([first, ..]) => first.to_uppercase().replace("JPG", "JPEG"),
        _ => return Err(cannot("decode", &"it is no JPEG, PNG, BMP, GIF or WebP image")),
    };
    let decoder = reader.into_decoder().map_err(|e| cannot("decode", &e))?;
    let (width, height) = decoder.dimensions();
    let size = Size { height: height as usize, width: width as usize };
    Ok(Found { size, format: format!("{name}, {}", mode(decoder.color_type())) })
}

/// The channels of an image as it is decoded, palettes replaced by their colours.
fn mode(color: ColorType) -> String {
    let channels = match (color.has_color(), color.has_alpha()) {
        (false, false) => "grey",
        (false, true) => "grey with alpha",
        (true, false) => "RGB",
        (true, true) => "RGB with alpha",
    };
    let bits = 8 * color.bytes_per_pixel() / color.channel_count();
    if bits == 8 { channels.to_owned() } else { format!("{bits}-bit {channels}") }
}
