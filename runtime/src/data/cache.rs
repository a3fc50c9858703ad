//! Decoded images kept in memory or in a file, on request: decoding is most of the work of a pass.

mod file;
mod key;

use super::decode::Reading;
use super::{Image, Source};
use crate::error::Result;
use file::CacheFile;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Where decoded images are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cache {
    /// In this process. It takes as much memory as the images' pixels have bytes.
    Memory,
    /// In a file in this folder, as large as the images' pixels are. It is found again as long as no image file changes.
    Folder(PathBuf),
}

impl From<OsString> for Cache {
    /// The word `memory`, or a folder.
    fn from(text: OsString) -> Self {
        if text == "memory" { Self::Memory } else { Self::Folder(text.into()) }
    }
}

/// The same images, which are decoded once.
///
/// Images that are in memory already, as those of MNIST and CIFAR, are left as they are. A cache file that is not there yet or is damaged is
/// made now, by `workers` threads; `progress` is told how many images are done and how many there are. Images that cannot be
/// read are no error here: they are not kept, and are one when someone asks for them.
///
/// # Errors
/// When the cache file cannot be written.
pub fn cached(
    source: &Arc<dyn Source>,
    cache: &Cache,
    workers: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Arc<dyn Source>> {
    if source.path(0).is_none() {
        return Ok(source.clone());
    }
    let images = source.labels().len();
    let store = match cache {
        Cache::Memory => Store::Memory((0..images).map(|_| OnceLock::new()).collect()),
        Cache::Folder(folder) => {
            let key = key::of(&**source);
            let path = folder.join(format!("{}.images", key.to_hex().get(..16).unwrap_or_default()));
            let file = match CacheFile::open(&path, key, images) {
                Some(file) => file,
                None => CacheFile::make(&path, key, source, workers, progress)?,
            };
            Store::File(file)
        }
    };
    Ok(Arc::new(Cached { source: source.clone(), store }))
}

/// A data set whose images are read from the store where it has them.
struct Cached {
    source: Arc<dyn Source>,
    store: Store,
}

enum Store {
    /// Images that have been read already.
    Memory(Vec<OnceLock<Image>>),
    File(CacheFile),
}

impl Source for Cached {
    fn classes(&self) -> &[String] {
        self.source.classes()
    }

    fn labels(&self) -> &[u32] {
        self.source.labels()
    }

    fn name(&self, index: usize) -> String {
        self.source.name(index)
    }

    fn image(&self, index: usize) -> Result<Image> {
        match &self.store {
            Store::File(file) => file.image(index).map_or_else(|| self.source.image(index), Ok),
            Store::Memory(images) => {
                let Some(place) = images.get(index) else { return self.source.image(index) };
                if let Some(image) = place.get() {
                    return Ok(image.clone());
                }
                let image = self.source.image(index)?;
                Ok(place.get_or_init(|| image).clone())
            }
        }
    }

    fn path(&self, index: usize) -> Option<PathBuf> {
        self.source.path(index)
    }

    fn reading(&self) -> Reading {
        self.source.reading()
    }
}
