//! Tiny-ImageNet-200 as it is distributed.
//!
//! `train/ID/images/*.JPEG` are the training images, `val/images/*.JPEG` the held-out ones, whose classes are in
//! `val/val_annotations.txt`. Classes are numbered in the order of their sorted ids. `wnids.txt` lists the ids,
//! `words.txt` says what they mean. The test images have no labels and are of no use here.

mod annotations;

pub use annotations::{Annotation, Problem, parse};

use super::files::Files;
use super::folder;
use super::open::{Options, Part};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Whether `path` looks like the data set.
pub(super) fn is_here(path: &Path) -> bool {
    path.join("val/val_annotations.txt").is_file() || (path.join("wnids.txt").is_file() && path.join("train").is_dir())
}

pub(super) fn read(path: &Path, part: Part, options: &Options) -> Result<Files> {
    let ids = ids(path)?;
    let names = names(path, &ids)?;
    let mut files = match part {
        Part::Training => folder::read(&path.join("train"), ids, options)?,
        Part::HeldOut => held_out(&path.join("val"), ids, options)?,
    };
    files.classes = names;
    Ok(files)
}

/// The ids of the classes, sorted: the lines of `wnids.txt`, or without it the folders of the training images.
fn ids(path: &Path) -> Result<Vec<String>> {
    let list = path.join("wnids.txt");
    let train = path.join("train");
    if !list.exists() {
        return folder::class_names(&train);
    }
    let text = read_text(&list)?;
    let mut ids = BTreeSet::new();
    for id in text.split_whitespace() {
        if !ids.insert(id.to_owned()) {
            return Err(Error::failed(format!("`{}` lists the class `{id}` twice", list.display())));
        }
    }
    if ids.is_empty() {
        return Err(Error::failed(format!("`{}` lists no class", list.display())));
    }
    if let Some(other) = folder::class_names(&train)?.into_iter().find(|folder| !ids.contains(folder)) {
        let folder = train.join(other);
        let (folder, list) = (folder.display(), list.display());
        return Err(Error::failed(format!("the class of the folder `{folder}` is not listed in `{list}`")));
    }
    Ok(ids.into_iter().collect())
}

/// `n03444034 (go-kart)` where `words.txt` says so, else the id.
fn names(path: &Path, ids: &[String]) -> Result<Vec<String>> {
    let list = path.join("words.txt");
    let text = if list.exists() { read_text(&list)? } else { String::new() };
    let words: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once('\t')).collect();
    let name = |id: &String| match words.get(id.as_str()).map(|words| words.trim()) {
        Some(words) if !words.is_empty() => format!("{id} ({words})"),
        _ => id.clone(),
    };
    Ok(ids.iter().map(name).collect())
}

/// The images that `val_annotations.txt` lists, in its order.
fn held_out(val: &Path, ids: Vec<String>, options: &Options) -> Result<Files> {
    let list = val.join("val_annotations.txt");
    let folder = val.join("images");
    let text = read_text(&list)?;
    let place = |line: usize| format!("line {line} of `{}`", list.display());
    let annotations =
        parse(&text).map_err(|Problem { line, reason }| Error::failed(format!("{} {reason}", place(line))))?;
    let present = names_in(&folder)?;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut paths, mut labels) = (Vec::new(), Vec::new());
    for Annotation { line, file, class } in annotations {
        let Some(label) = ids.binary_search_by(|id| id.as_str().cmp(class)).ok().and_then(|i| u32::try_from(i).ok())
        else {
            let known = ids.len();
            return Err(Error::failed(format!(
                "{} gives `{file}` the class `{class}`, which is none of the {known} classes of the data set",
                place(line)
            )));
        };
        if !present.contains(file) {
            let file = folder.join(file);
            return Err(Error::failed(format!("{} names `{}`, which does not exist", place(line), file.display())));
        }
        if let Some(earlier) = seen.insert(file, line) {
            return Err(Error::failed(format!("{} names `{file}` again, after line {earlier}", place(line))));
        }
        paths.push(Path::new(file).into());
        labels.push(label);
    }
    Ok(Files { folder, paths, labels, classes: ids, reading: options.reading })
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io("read", path, &e))
}

/// The names of the files in a folder, as far as they are UTF-8.
fn names_in(folder: &Path) -> Result<BTreeSet<String>> {
    let failed = |e| Error::io("read the folder", folder, &e);
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    Ok(names)
}
