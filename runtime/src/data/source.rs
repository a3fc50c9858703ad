//! Where images come from, one at a time.

use super::Image;
use super::decode::Reading;
use crate::error::Result;
use std::path::PathBuf;

/// Labelled images that are read when they are asked for, from as many threads as ask.
pub trait Source: Send + Sync {
    /// The names of the classes, in the order of their numbers; empty where a data set has no names for them.
    fn classes(&self) -> &[String];

    /// The class of each image. There are as many images as labels.
    fn labels(&self) -> &[u32];

    /// What image `index` is called in messages: the path of its file, or the file and its number in it.
    fn name(&self, index: usize) -> String;

    /// Reads image `index`, which is below the number of labels.
    ///
    /// # Errors
    /// When it cannot be read or decoded; the message names it and gives the reason.
    fn image(&self, index: usize) -> Result<Image>;

    /// The file of image `index` alone; none where several images share a file or there is no file.
    fn path(&self, index: usize) -> Option<PathBuf> {
        let _ = index;
        None
    }

    /// How the files are decoded.
    fn reading(&self) -> Reading {
        Reading::default()
    }
}
