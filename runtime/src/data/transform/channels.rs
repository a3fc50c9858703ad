//! Grey and colour.

use crate::data::image::luma;
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
