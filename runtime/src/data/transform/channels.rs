//! Grey and colour.

use crate::data::{Image, ImageSize};
use crate::error::{Error, Result};
use std::borrow::Cow;

/// The image with as many channels as the network takes: grey becomes three equal channels, and colour becomes grey with
/// the weights of ITU-R 601, as in Pillow.
pub(crate) fn convert_channels(image: &Image, to: usize) -> Result<Cow<'_, Image>> {
    let ImageSize { height, width, channels: from } = image.size();
    let pixels = match (from, to) {
        (1, 1) | (3, 3) => return Ok(Cow::Borrowed(image)),
        (1, 3) => image.pixels().iter().flat_map(|&grey| [grey; 3]).collect(),
        (3, 1) => image.pixels().chunks_exact(3).map(luma).collect(),
        _ => {
            return Err(Error::failed(format!(
                "images of {from} channels cannot be fed to a network of {to} channels"
            )));
        }
    };
    Ok(Cow::Owned(Image::new(ImageSize { height, width, channels: to }, pixels)?))
}

/// How light a pixel is: Pillow's weights of red, green and blue, in 65536ths. A pixel of one channel is as light as it says.
pub(crate) fn luma(pixel: &[u8]) -> u8 {
    let &[red, green, blue] = pixel else { return pixel.first().copied().unwrap_or(0) };
    // The weights sum to 65536, so the result fits.
    let sum = 19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 32_768;
    u8::try_from(sum >> 16).unwrap_or(u8::MAX)
}
