//! From an image to the floats of its views.

use super::{Crops, View, multi_scale, scales, ten};
use crate::data::resample::{Filter, resize};
use crate::data::transform::{Resize, convert_channels};
use crate::data::{Image, ImageSize, Preparation, Step, Transform};
use crate::error::{Error, Result};
use rand::Rng;
use std::borrow::Cow;

/// A resized image is kept for all views that are cut out of it, unless it has more pixels than this.
const MOST_KEPT: usize = 1 << 24;

/// How images become several inputs of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct CropTransform {
    crops: Crops,
    /// The whole way of an image with [`Crops::One`]; otherwise the way of a view, which has its size already.
    transform: Transform,
    filter: Filter,
}

impl CropTransform {
    /// The views of images for a network that takes `size`, normalised as `preparation` says.
    ///
    /// One view is what the steps of `preparation` make of an image. With more of them the views take the place of the steps, which
    /// then can only be `resize` and `centre-crop`; the first `resize` says how new pixels are computed.
    ///
    /// # Errors
    /// When other steps are among them, when 144 views are asked for and the input is no square, or as [`Transform::new`].
    pub fn new(preparation: &Preparation, size: ImageSize, crops: Crops) -> Result<Self> {
        let ImageSize { height, width, .. } = size;
        if crops == Crops::One {
            return Ok(Self { crops, transform: preparation.transform(size)?, filter: Filter::default() });
        }
        let count = crops.count();
        if crops == Crops::Paper && height != width {
            return Err(Error::failed(format!(
                "{count} crops are cut out of squares, and the network takes {height} rows and {width} columns; use 1 or 10"
            )));
        }
        let is_geometry = |step: &Step| matches!(step, Step::Resize(_) | Step::CentreCrop(_));
        if let Some(other) = preparation.steps.iter().find(|step| !is_geometry(step)) {
            let other = serde_json::to_string(other).unwrap_or_default();
            return Err(Error::failed(format!(
                "{count} crops take the place of `resize` and `centre-crop`, and the images of these weights also go through {other}; \
                 use 1 crop"
            )));
        }
        let filter = |step: &Step| if let Step::Resize(Resize { filter, .. }) = step { Some(*filter) } else { None };
        let filter = preparation.steps.iter().find_map(filter).unwrap_or_default();
        let steps = vec![Step::Resize(Resize::default())];
        let transform = Transform::new(size, steps, preparation.normalisation.clone())?;
        Ok(Self { crops, transform, filter })
    }

    /// How many views of an image there are.
    pub fn count(&self) -> usize {
        self.crops.count()
    }

    /// How many numbers the views of an image have.
    pub fn values(&self) -> usize {
        self.count() * self.transform.size().bytes()
    }

    /// The views of an image of this size; none if there is only the one that the steps make.
    ///
    /// # Errors
    /// As [`ten`] and [`multi_scale`].
    pub fn views(&self, image: ImageSize) -> Result<Vec<View>> {
        let ImageSize { height, width, .. } = self.transform.size();
        let scales = scales(height.max(width));
        match self.crops {
            Crops::One => Ok(Vec::new()),
            Crops::Ten => ten(image, scales.first().copied(), (height, width)),
            Crops::Paper => multi_scale(image, &scales, height),
        }
    }

    /// Appends all views of the image as floats, each in rows, columns, channels.
    ///
    /// # Errors
    /// When a step, or a view, cannot be had of an image of this size.
    pub fn apply(&self, image: &Image, random: &mut impl Rng, out: &mut Vec<f32>) -> Result<()> {
        if self.crops == Crops::One {
            return self.transform.apply(image, random, out);
        }
        let image = convert_channels(image, self.transform.size().channels)?;
        let views = self.views(image.size())?;
        for views in views.chunk_by(|a, b| a.resized == b.resized) {
            let resized = views.first().map_or((0, 0), |view| view.resized);
            let whole = self.resized(&image, resized)?;
            for view in views {
                self.transform.apply(&view.of(&whole, self.filter)?, random, out)?;
            }
        }
        Ok(())
    }

    /// The image in this size, or as it is if that is too large, and views are computed one by one.
    fn resized<'a>(&self, image: &'a Image, (height, width): (usize, usize)) -> Result<Cow<'a, Image>> {
        let size = image.size();
        if (size.height, size.width) == (height, width) || height.saturating_mul(width) > MOST_KEPT {
            return Ok(Cow::Borrowed(image));
        }
        resize(image, height, width, self.filter).map(Cow::Owned)
    }
}
