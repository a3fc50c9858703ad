//! A part of a data set that is held out of training.

use super::decode::Reading;
use super::{Image, Source, class_counts, permutation};
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

    fn reading(&self) -> Reading {
        self.source.reading()
    }
}

/// Splits off the given share of the images, chosen at random by `seed`: what is left, and what was split off.
///
/// Stratified, the same share of every class is split off, as nearly as whole images allow: in no class it differs from
/// the exact share by an image or more, but that one image at least of each class is left.
///
/// # Errors
/// When one of the two would be empty.
pub fn split(
    source: &Arc<dyn Source>,
    share: f64,
    seed: u64,
    stratified: bool,
) -> Result<(Arc<dyn Source>, Arc<dyn Source>)> {
    let images = source.labels().len();
    let order = permutation(images, seed, 0);
    let (held_out, rest) = if stratified {
        let mut quotas = quotas(&class_counts(&**source), share);
        order.into_iter().partition(|&i| take_one(&mut quotas, source.labels()[i]))
    } else {
        let (held_out, rest) = order.split_at(count(images, share).min(images));
        (held_out.to_vec(), rest.to_vec())
    };
    if held_out.is_empty() || rest.is_empty() {
        return Err(Error::failed(format!(
            "a share of {share} of {images} images leaves {} to train on and {} held out; there must be some of both",
            rest.len(),
            held_out.len()
        )));
    }
    Ok((Arc::new(Subset::new(source, rest)), Arc::new(Subset::new(source, held_out))))
}

/// How many images of each class to hold out: the share rounded down, and then one more of those classes that lost most
/// by that, until there are as many as without classes.
fn quotas(counts: &[usize], share: f64) -> Vec<usize> {
    let exact: Vec<f64> = counts.iter().map(|&images| to_float(images) * share).collect();
    let mut quotas: Vec<usize> = exact.iter().map(|&exact| to_count(exact.floor())).collect();
    let wanted = count(counts.iter().sum(), share);
    let mut classes: Vec<usize> = (0..counts.len()).filter(|&class| quotas[class] + 1 < counts[class]).collect();
    classes.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    let missing = wanted.saturating_sub(quotas.iter().sum());
    for class in classes.into_iter().filter(|&class| exact[class].fract() > 0.0).take(missing) {
        quotas[class] += 1;
    }
    quotas
}

/// Whether an image of this class is still wanted, and then one fewer is.
fn take_one(quotas: &mut [usize], label: u32) -> bool {
    let quota = usize::try_from(label).ok().and_then(|class| quotas.get_mut(class)).filter(|quota| **quota > 0);
    quota.map(|quota| *quota -= 1).is_some()
}

/// The whole number of images that is nearest to a share of them.
fn count(images: usize, share: f64) -> usize {
    to_count((to_float(images) * share).round())
}

#[expect(clippy::cast_precision_loss, reason = "data sets have fewer than 2^52 images")]
fn to_float(images: usize) -> f64 {
    images as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a saturating cast is meant")]
fn to_count(images: f64) -> usize {
    images as usize
}
