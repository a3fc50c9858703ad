//! A part of a data set that is held out of training.

use super::{Image, Source, permutation};
use crate::error::{Error, Result};
use std::path::PathBuf;
use std::sync::Arc;

/// Some images of a data set, in an order of their own.
struct Subset {
    source: Arc<dyn Source>,
    /// The numbers of the images in `source`.
    indices: Vec<usize>,
    labels: Vec<u32>,
}

impl Subset {
    fn new(source: &Arc<dyn Source>, indices: Vec<usize>) -> Self {
        let labels = indices.iter().map(|&i| source.labels()[i]).collect();
        Self { source: source.clone(), indices, labels }
    }
}

impl Source for Subset {
    fn classes(&self) -> &[String] {
        self.source.classes()
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        self.source.name(self.indices[index])
    }

    fn image(&self, index: usize) -> Result<Image> {
        self.source.image(self.indices[index])
    }

    fn path(&self, index: usize) -> Option<PathBuf> {
        self.source.path(self.indices[index])
    }
}

/// Splits off the given share of the images, chosen at random by `seed`: what is left, and what was split off.
///
/// # Errors
/// When one of the two would be empty.
pub fn split(source: &Arc<dyn Source>, share: f64, seed: u64) -> Result<(Arc<dyn Source>, Arc<dyn Source>)> {
    let images = source.labels().len();
    let order = permutation(images, seed, 0);
    let (held_out, rest) = order.split_at(count(images, share).min(images));
    if held_out.is_empty() || rest.is_empty() {
        return Err(Error::failed(format!(
            "a share of {share} of {images} images leaves {} to train on and {} held out; there must be some of both",
            rest.len(),
            held_out.len()
        )));
    }
    Ok((Arc::new(Subset::new(source, rest.to_vec())), Arc::new(Subset::new(source, held_out.to_vec()))))
}

/// The whole number of images that is nearest to a share of them.
#[expect(clippy::cast_precision_loss, reason = "data sets have fewer than 2^52 images")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a saturating cast is meant")]
fn count(images: usize, share: f64) -> usize {
    (images as f64 * share).round() as usize
}
