//! Folders of images, one for each class, as torchvision's `ImageFolder` has them.
//!
//! Classes are numbered in the order of their folders' names, images come in the order of their paths; both orders are
//! those of the bytes of the names. Other than in torchvision, names that begin with a full stop are passed over:
//! `.ipynb_checkpoints` is no class, and `._cat.jpg` is no image.

use super::files::Files;
use super::fit::list;
use super::open::{Options, Part};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What the names of images end in, in capitals or not: torchvision's list.
pub(crate) const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp"];

/// What folders with the training images are called.
const TRAINING: [&str; 2] = ["train", "training"];

/// What folders with held-out images are called, and what these images are called then.
const HELD_OUT: [(&str, &str); 5] = [
    ("val", "validation"),
    ("valid", "validation"),
    ("validation", "validation"),
    ("test", "test"),
    ("testing", "test"),
];

/// Where the parts of a data set are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    training: Option<PathBuf>,
    held_out: Option<(PathBuf, &'static str)>,
}

impl Parts {
    /// `train` and `val` or `test` in `folder`, or else the folder as a whole. None if there is no folder in it.
    ///
    /// A part is a folder of folders: a class may be called `train` as well.
    pub(super) fn find(folder: &Path) -> Result<Option<Self>> {
        let names = folders(folder)?;
        let find = |name: &str| -> Result<Option<PathBuf>> {
            let Some(found) = names.iter().find(|n| n.eq_ignore_ascii_case(name)) else { return Ok(None) };
            let path = folder.join(found);
            Ok(if folders(&path)?.is_empty() { None } else { Some(path) })
        };
        let mut parts = Self { training: None, held_out: None };
        for name in TRAINING {
            parts.training = parts.training.or(find(name)?);
        }
        for (name, called) in HELD_OUT {
            parts.held_out = parts.held_out.or(find(name)?.map(|path| (path, called)));
        }
        if parts == (Self { training: None, held_out: None }) {
            parts.training = Some(folder.to_owned());
        }
        Ok((!names.is_empty()).then_some(parts))
    }

    pub(super) fn has_training(&self) -> bool {
        self.training.is_some()
    }

    /// What the held-out images are called, if there are any.
    pub(super) fn held_out_name(&self) -> Option<&'static str> {
        self.held_out.as_ref().map(|&(_, name)| name)
    }

    /// The images of one part. The classes of the held-out images are numbered as those of the training images.
    pub(super) fn read(&self, part: Part, options: &Options) -> Result<Option<Files>> {
        let path = match part {
            Part::Training => self.training.as_deref(),
            Part::HeldOut => self.held_out.as_ref().map(|(path, _)| path.as_path()),
        };
        let Some(path) = path else { return Ok(None) };
        let numbered_as = match (&self.training, part) {
            _ if !options.classes.is_empty() => Some(("the network does", options.classes.clone())),
            (Some(training), Part::HeldOut) => Some(("the training images do", class_names(training)?)),
            _ => None,
        };
        let Some((whose, classes)) = numbered_as else { return read(path, class_names(path)?, options).map(Some) };
        if let Some(unknown) = class_names(path)?.iter().find(|name| !classes.contains(name)) {
            return Err(Error::failed(format!(
                "`{}` is the folder of a class that {whose} not have: there are {}",
                path.join(unknown).display(),
                list(&classes, |class| format!("`{class}`"))
            )));
        }
        read(path, classes, options).map(Some)
    }
}

/// The names of the folders of classes, sorted.
pub(super) fn class_names(folder: &Path) -> Result<Vec<String>> {
    let text = |name: OsString| {
        name.into_string().map_err(|name| {
            let path = folder.join(name);
            Error::failed(format!("the name of the folder `{}` is not UTF-8; rename it", path.display()))
        })
    };
    folders(folder)?.into_iter().map(text).collect()
}

/// The names of the folders in `folder` that are not hidden, sorted. Links to folders count.
fn folders(folder: &Path) -> Result<Vec<OsString>> {
    let failed = |e| Error::io("read the folder", folder, &e);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !is_hidden(&entry.file_name()) && entry.path().is_dir() {
            names.push(entry.file_name());
        }
    }
    names.sort_by(|a, b| a.as_encoded_bytes().cmp(b.as_encoded_bytes()));
    Ok(names)
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The images of the folders of these classes in `folder`. A class may have none, or no folder.
pub(super) fn read(folder: &Path, classes: Vec<String>, options: &Options) -> Result<Files> {
    let (mut paths, mut labels) = (Vec::new(), Vec::new());
    for (label, class) in (0_u32..).zip(&classes) {
        if folder.join(class).is_dir() {
            let images = images(&folder.join(class), folder)?;
            labels.resize(labels.len() + images.len(), label);
            paths.extend(images);
        }
    }
    let reading = options.reading;
    Ok(Files { folder: folder.to_owned(), paths, labels, classes, reading })
}

/// The paths of all images in `root`, in folders of any depth: folder by folder, sorted. They are as seen from `start`, if `root` lies
/// in it.
pub(super) fn images(root: &Path, start: &Path) -> Result<Vec<Box<Path>>> {
    let mut by_folder: BTreeMap<Vec<u8>, Vec<(OsString, Box<Path>)>> = BTreeMap::new();
    let walk = WalkDir::new(root).follow_links(true).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        let path = match entry {
            Ok(entry) if entry.file_type().is_dir() => continue,
            Ok(entry) => entry.into_path(),
            Err(e) => dangling(e, root)?,
        };
        if !is_image(&path) {
            continue;
        }
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { continue };
        let from_start = path.strip_prefix(start).unwrap_or(&path);
        let parent = parent.as_os_str().as_encoded_bytes().to_vec();
        by_folder.entry(parent).or_default().push((name.to_owned(), from_start.into()));
    }
    let mut paths = Vec::new();
    for (_, mut files) in by_folder {
        files.sort_by(|(a, _), (b, _)| a.as_encoded_bytes().cmp(b.as_encoded_bytes()));
        paths.extend(files.into_iter().map(|(_, path)| path));
    }
    Ok(paths)
}

/// A link to nothing is a file that cannot be read, as in torchvision; other errors are none that one can go on after.
fn dangling(e: walkdir::Error, root: &Path) -> Result<PathBuf> {
    let path = e.path().unwrap_or(root).to_owned();
    if let Some(ancestor) = e.loop_ancestor() {
        let (path, ancestor) = (path.display(), ancestor.display());
        return Err(Error::failed(format!("`{path}` is a link back to `{ancestor}`, so there is no end; remove it")));
    }
    let e: std::io::Error = e.into();
    if e.kind() == NotFound { Ok(path) } else { Err(Error::io("read the folder", &path, &e)) }
}

pub(super) fn is_image(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}
