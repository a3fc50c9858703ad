//! Images of which nobody knows the class: files that are named one by one, or by their folders.

use super::decode::{Reading, decode, read};
use super::{Image, Source, folder};
use crate::error::{Error, Result};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Images without classes, in the order in which they were added. Of files there is no more in memory than their paths.
#[derive(Clone, Debug, Default)]
pub struct Unlabelled {
    images: Vec<Origin>,
    /// Zero for each image: whoever goes through images asks how many labels there are.
    labels: Vec<u32>,
    reading: Reading,
}

/// Where an image comes from.
#[derive(Clone, Debug)]
enum Origin {
    File(Box<Path>),
    Memory { name: String, bytes: Box<[u8]> },
}

impl Unlabelled {
    /// None yet; files will be decoded as `reading` says.
    pub fn new(reading: Reading) -> Self {
        Self { reading, ..Self::default() }
    }

    /// Adds a file, or all images in a folder and in the folders in it, sorted as those of a data set. Whether a file can be read
    /// shows when it is.
    ///
    /// # Errors
    /// When a folder cannot be read, or has no image.
    pub fn add(&mut self, path: &Path) -> Result<()> {
        if !path.is_dir() {
            self.push(Origin::File(path.into()));
            return Ok(());
        }
        let found = folder::images(path, Path::new(""))?;
        if found.is_empty() {
            return Err(Error::failed(format!(
                "there are no images in the folder `{}`: no name in it ends in {}",
                path.display(),
                folder::EXTENSIONS.map(|extension| format!(".{extension}")).join(", ")
            )));
        }
        for path in found {
            self.push(Origin::File(path));
        }
        Ok(())
    }

    /// Adds the bytes of a file, and what to call it.
    pub fn add_bytes(&mut self, name: &str, bytes: Vec<u8>) {
        self.push(Origin::Memory { name: name.to_owned(), bytes: bytes.into() });
    }

    fn push(&mut self, origin: Origin) {
        self.images.push(origin);
        self.labels.push(0);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// What image `index` is called in results: its path as it was given, or its name. Empty if there is no such image.
    pub fn title(&self, index: usize) -> Cow<'_, str> {
        match self.images.get(index) {
            Some(Origin::File(path)) => path.to_string_lossy(),
            Some(Origin::Memory { name, .. }) => name.into(),
            None => "".into(),
        }
    }
}

impl Source for Unlabelled {
    fn classes(&self) -> &[String] {
        &[]
    }

    fn labels(&self) -> &[u32] {
        &self.labels
    }

    fn name(&self, index: usize) -> String {
        format!("`{}`", self.title(index))
    }

    fn image(&self, index: usize) -> Result<Image> {
        match &self.images[index] {
            Origin::File(path) => read(path, &self.reading),
            Origin::Memory { name, bytes } => decode(bytes, &self.reading)
                .map_err(|reason| Error::failed(format!("cannot decode `{name}`: {reason}"))),
        }
    }

    fn path(&self, index: usize) -> Option<PathBuf> {
        match self.images.get(index)? {
            Origin::File(path) => Some(path.to_path_buf()),
            Origin::Memory { .. } => None,
        }
    }

    fn reading(&self) -> Reading {
        self.reading
    }
}
