//! The kinds of data sets, and how they are told apart.

use super::{cifar, folder, idx, tiny_imagenet};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// A kind of data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "torch", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Kind {
    /// Image files in a folder per class, perhaps in train and in val or test
    Folder,
    /// Tiny-ImageNet-200 as it is distributed
    TinyImagenet,
    /// The files of MNIST and its relatives, gzipped or not
    Idx,
    /// CIFAR-10's binary version
    #[cfg_attr(feature = "torch", value(name = "cifar10"))]
    Cifar10,
    /// CIFAR-100's binary version
    #[cfg_attr(feature = "torch", value(name = "cifar100"))]
    Cifar100,
}

/// Those that are known by particular files.
const PARTICULAR: [Kind; 4] = [Kind::TinyImagenet, Kind::Idx, Kind::Cifar10, Kind::Cifar100];

/// Folders that downloads make; a data set in one of them is found from the folder around it.
const INSIDE: [&str; 8] = [
    "tiny-imagenet-200",
    "cifar-10-batches-bin",
    "cifar-100-binary",
    "raw",
    "MNIST/raw",
    "FashionMNIST/raw",
    "KMNIST/raw",
    "QMNIST/raw",
];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "image folder",
            Self::TinyImagenet => "Tiny-ImageNet",
            Self::Idx => "IDX (MNIST)",
            Self::Cifar10 => "CIFAR-10",
            Self::Cifar100 => "CIFAR-100",
        })
    }
}

impl Kind {
    /// What tells that a folder holds such a data set.
    fn signs(self) -> &'static str {
        match self {
            Self::Folder => "a folder of images for each class, perhaps in `train` and in `val` or `test`",
            Self::TinyImagenet => "`wnids.txt`, `train` and `val/val_annotations.txt`",
            Self::Idx => "`train-images-idx3-ubyte` or `t10k-images-idx3-ubyte`, perhaps with `.gz`",
            Self::Cifar10 => "`data_batch_1.bin` or `test_batch.bin`",
            Self::Cifar100 => "`train.bin` or `test.bin`",
        }
    }

    fn is_in(self, folder: &Path) -> Result<bool> {
        Ok(match self {
            Self::Folder => folder::Parts::find(folder)?.is_some(),
            Self::TinyImagenet => tiny_imagenet::is_here(folder),
            Self::Idx => idx::is_here(folder)?,
            Self::Cifar10 => cifar::is_here(folder, cifar::Labels::Ten),
            Self::Cifar100 => cifar::is_here(folder, cifar::Labels::Fine),
        })
    }
}

/// The kind of the data set in `folder`, and the folder it lies in: that one, or one that a download has made in it.
///
/// # Errors
/// When there is none, or there are several.
pub(super) fn find(folder: &Path, wanted: Option<Kind>) -> Result<(Kind, PathBuf)> {
    check_folder(folder)?;
    let kinds = wanted.as_ref().map_or(&PARTICULAR[..], std::slice::from_ref);
    let mut found = Vec::new();
    let inside = INSIDE.iter().map(|name| folder.join(name)).filter(|path| path.is_dir());
    for path in [folder.to_owned()].into_iter().chain(inside) {
        for &kind in kinds {
            if kind.is_in(&path)? {
                found.push((kind, path.clone()));
            }
        }
        // What is in the folder itself comes before what is inside.
        if path == folder && !found.is_empty() {
            break;
        }
    }
    if found.is_empty() && wanted.is_none() && Kind::Folder.is_in(folder)? {
        found.push((Kind::Folder, folder.to_owned()));
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(nothing_in(folder, wanted)?),
        several => {
            let described: Vec<_> =
                several.iter().map(|(kind, path)| format!("{kind} in `{}`", path.display())).collect();
            Err(Error::failed(format!(
                "there are several data sets: {}; give the folder of one of them, or say which kind is meant (`--data-kind`)",
                described.join(", ")
            )))
        }
    }
}

fn check_folder(folder: &Path) -> Result<()> {
    let there = std::fs::metadata(folder).map_err(|e| Error::io("find the folder", folder, &e))?;
    if there.is_dir() {
        return Ok(());
    }
    Err(Error::failed(format!("`{}` is a file; give the folder of a data set", folder.display())))
}

/// What to say about a folder in which there are no images of any kind that was looked for.
pub(super) fn nothing_in(folder: &Path, wanted: Option<Kind>) -> Result<Error> {
    let kinds = wanted.map_or_else(|| [&[Kind::Folder], &PARTICULAR[..]].concat(), |kind| vec![kind]);
    let signs: Vec<String> = kinds.into_iter().map(|kind| format!("\n  {kind}: {}", kind.signs())).collect();
    let path = folder.display();
    Ok(Error::failed(format!("no data set found in `{path}`{}; looked for{}", hint(folder)?, signs.concat())))
}

/// What may have been meant.
fn hint(folder: &Path) -> Result<String> {
    let failed = |e| Error::io("read the folder", folder, &e);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name());
    }
    names.sort();
    let ends = |endings: &[&str]| {
        names.iter().find(|name| endings.iter().any(|ending| name.as_encoded_bytes().ends_with(ending.as_bytes())))
    };
    Ok(if names.is_empty() {
        ", which is empty".to_owned()
    } else if let Some(python) = ends(&["cifar-10-batches-py", "cifar-100-python"]) {
        format!(": `{}` is CIFAR's version for Python; get the binary version", python.display())
    } else if let Some(archive) = ends(&[".zip", ".tar", ".tar.gz", ".tgz"]) {
        format!(": `{}` must be unpacked first", archive.display())
    } else if let Some(image) = names.iter().find(|name| folder::is_image(Path::new(name))) {
        format!(": images like `{}` must lie in a folder for each class", image.display())
    } else {
        String::new()
    })
}
