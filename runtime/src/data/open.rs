//! Finds out which kind of data set a folder holds, and reads it.

use super::{Source, idx};
use crate::error::{Error, Result};
use std::path::Path;
use std::sync::Arc;

/// A part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What one trains on.
    Training,
    /// What one measures on: the test images, or where these have no labels, the validation images.
    HeldOut,
}

/// Reads one part of the data set in `folder`.
///
/// # Errors
/// When there is no data set, no such part of it, or it is damaged.
pub fn open(folder: &Path, part: Part) -> Result<Arc<dyn Source>> {
    let split = match part {
        Part::Training => idx::Split::Train,
        Part::HeldOut => idx::Split::Test,
    };
    Ok(Arc::new(idx::read(folder, split)?))
}

/// Looks whether a network of so many classes can be trained or measured on `source`.
///
/// # Errors
/// When an image is of a class that the network does not have.
pub fn check_labels(source: &dyn Source, classes: usize) -> Result<()> {
    let labels = source.labels().iter().enumerate();
    match labels.into_iter().find(|&(_, &label)| usize::try_from(label).map_or(true, |label| label >= classes)) {
        Some((i, label)) => Err(Error::failed(format!(
            "{} is of class {label}, but the network has {classes} classes (0 to {})",
            source.name(i),
            classes.saturating_sub(1)
        ))),
        None => Ok(()),
    }
}
