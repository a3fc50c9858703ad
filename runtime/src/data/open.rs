//! Finds out which kind of data set a folder holds, and reads it.

use super::decode::Reading;
use super::kind::{self, Kind};
use super::{Source, cifar, folder, idx, tiny_imagenet};
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What one trains on.
    Training,
    /// What one measures on: the test images, or where these have no labels, the validation images.
    HeldOut,
}

/// How a data set is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Its kind; if not given, it is found out.
    pub kind: Option<Kind>,
    /// CIFAR-100's twenty superclasses in place of its hundred classes.
    pub coarse: bool,
    /// The classes in the order of their numbers, for folders of images; if none, those of the training images.
    pub classes: Vec<String>,
    /// How image files are decoded.
    pub reading: Reading,
}

/// A data set that was found.
#[derive(Clone, Debug)]
pub struct Location {
    kind: Kind,
    folder: PathBuf,
    /// For folders of images.
    parts: Option<folder::Parts>,
    options: Options,
}

impl Location {
    /// Finds the data set in `folder`.
    ///
    /// # Errors
    /// When there is none, or there are several.
    pub fn find(folder: &Path, options: &Options) -> Result<Self> {
        let (kind, folder) = kind::find(folder, options.kind)?;
        if options.coarse && kind != Kind::Cifar100 {
            let folder = folder.display();
            return Err(Error::failed(format!(
                "only CIFAR-100 has superclasses (`--coarse`); the data set in `{folder}` is of another kind: {kind}"
            )));
        }
        let parts = if kind == Kind::Folder { folder::Parts::find(&folder)? } else { None };
        Ok(Self { kind, folder, parts, options: options.clone() })
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The folder that it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the held-out images are called, `test` or `validation`; none if the data set has none.
    pub fn held_out_name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Folder => self.parts.as_ref().and_then(folder::Parts::held_out_name),
            Kind::TinyImagenet => Some("validation"),
            Kind::Idx | Kind::Cifar10 | Kind::Cifar100 => Some("test"),
        }
    }

    /// Whether there is such a part, as far as folders and the kind tell.
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Training => self.parts.as_ref().is_none_or(folder::Parts::has_training),
            Part::HeldOut => self.held_out_name().is_some(),
        }
    }

    /// Reads one part.
    ///
    /// # Errors
    /// When it is not there, has no image or is damaged. Image files are not looked at.
    pub fn open(&self, part: Part) -> Result<Arc<dyn Source>> {
        let fine = if self.options.coarse { cifar::Labels::Coarse } else { cifar::Labels::Fine };
        Ok(match self.kind {
            Kind::Folder => Arc::new(self.open_folder(part)?),
            Kind::TinyImagenet => Arc::new(tiny_imagenet::read(&self.folder, part, &self.options)?),
            Kind::Idx => Arc::new(idx::read(&self.folder, part)?),
            Kind::Cifar10 => Arc::new(cifar::read(&self.folder, part, cifar::Labels::Ten)?),
            Kind::Cifar100 => Arc::new(cifar::read(&self.folder, part, fine)?),
        })
    }

    fn open_folder(&self, part: Part) -> Result<super::files::Files> {
        let files = self.parts.as_ref().map(|parts| parts.read(part, &self.options)).transpose()?.flatten();
        let Some(files) = files else { return Err(self.missing(part)) };
        if files.paths.is_empty() {
            return Err(kind::nothing_in(&files.folder, self.options.kind)?);
        }
        Ok(files)
    }

    fn missing(&self, part: Part) -> Error {
        let folder = self.folder.display();
        Error::failed(match part {
            Part::Training => format!("`{folder}` has no training images: there is no `train` in it"),
            Part::HeldOut => format!(
                "`{folder}` has no images to measure on: there is neither `val` nor `test` in it; hold out a share of the \
                 training images, as in `--validation 0.1`"
            ),
        })
    }
}

/// Finds the data set in `folder` and reads one part of it.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::{Options, Part, open};
/// use std::path::Path;
///
/// let images = open(Path::new("mnist"), Part::Training, &Options::default())?;
/// println!("{} images of {} classes", images.labels().len(), images.classes().len());
/// # Ok::<(), googlenetc_runtime::error::Error>(())
/// ```
///
/// # Errors
/// When there is no data set, no such part of it, or it is damaged.
pub fn open(folder: &Path, part: Part, options: &Options) -> Result<Arc<dyn Source>> {
    Location::find(folder, options)?.open(part)
}
