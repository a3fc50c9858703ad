//! Image files with a class each.

use super::decode::{Reading, read};
use super::{Image, Source};
use crate::error::Result;
use std::path::{Path, PathBuf};

/// Files under one folder. Of an image there is no more in memory than its path and its label.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) folder: PathBuf,
    /// The path of each image, as seen from `folder`.
    pub(super) paths: Vec<Box<Path>>,
    pub(super) labels: Vec<u32>,
    pub(super) classes: Vec<String>,
    pub(super) reading: Reading,
}

impl Source for Files {
    fn classes(&self) -> &[String] {
        &self.classes
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        format!("`{}`", self.folder.join(&self.paths[index]).display())
    }

    fn image(&self, index: usize) -> Result<Image> {
        read(&self.folder.join(&self.paths[index]), &self.reading)
    }

    fn path(&self, index: usize) -> Option<PathBuf> {
        Some(self.folder.join(&self.paths[index]))
    }

    fn reading(&self) -> Reading {
        self.reading
    }
}
