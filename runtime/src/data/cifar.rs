//! CIFAR-10 and CIFAR-100 in their binary version.
//!
//! A file is a sequence of records: one byte of label (CIFAR-100: two, the superclass and the class), then 32x32 bytes of
//! red, as many of green and of blue.

use super::{Dataset, ImageSize, Part, Problem};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Every image is of this size.
pub const SIZE: ImageSize = ImageSize { height: 32, width: 32, channels: 3 };

const PIXELS: usize = 32 * 32;

/// More records than this in one file are taken for a mistake: the largest there is has 50,000.
const MAX_RECORDS: usize = 1 << 20;

/// Which of the two data sets, and which labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// CIFAR-10's ten classes.
    Ten,
    /// CIFAR-100's hundred classes.
    Fine,
    /// CIFAR-100's twenty superclasses.
    Coarse,
}

/// The labels of a record: how many bytes, which of them, and how many classes it counts.
struct Form {
    bytes: usize,
    at: usize,
    classes: u8,
}

impl Labels {
    fn form(self) -> Form {
        match self {
            Self::Ten => Form { bytes: 1, at: 0, classes: 10 },
            Self::Fine => Form { bytes: 2, at: 1, classes: 100 },
            Self::Coarse => Form { bytes: 2, at: 0, classes: 20 },
        }
    }

    fn files(self, part: Part) -> &'static [&'static str] {
        match (self, part) {
            (Self::Ten, Part::Training) => {
                &["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"]
            }
            (Self::Ten, Part::HeldOut) => &["test_batch.bin"],
            (Self::Fine | Self::Coarse, Part::Training) => &["train.bin"],
            (Self::Fine | Self::Coarse, Part::HeldOut) => &["test.bin"],
        }
    }

    fn names(self) -> &'static str {
        match self {
            Self::Ten => "batches.meta.txt",
            Self::Fine => "fine_label_names.txt",
            Self::Coarse => "coarse_label_names.txt",
        }
    }
}

/// Whether `folder` has a file of the data set.
pub(super) fn is_here(folder: &Path, labels: Labels) -> bool {
    let files = |part| labels.files(part).iter().any(|file| folder.join(file).is_file());
    files(Part::Training) || files(Part::HeldOut)
}

/// Reads one part of the data set in `folder`.
///
/// # Errors
/// When a file is missing or damaged.
pub fn read(folder: &Path, part: Part, labels: Labels) -> Result<Dataset> {
    let mut records = Records::default();
    for file in labels.files(part) {
        let path = folder.join(file);
        let input = BufReader::new(File::open(&path).map_err(|e| Error::io("open", &path, &e))?);
        records.read(input, labels).map_err(|problem| problem.of(&path))?;
    }
    let classes = names(&folder.join(labels.names()), labels)?;
    let Records { labels, pixels } = records;
    Ok(Dataset::new(SIZE, pixels, labels)?.named(format!("`{}`", folder.display()), classes))
}

/// The names of the classes, one per line; none if the file is missing.
fn names(path: &Path, labels: Labels) -> Result<Vec<String>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, &e))?;
    let names: Vec<String> = text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let expected = usize::from(labels.form().classes);
    if names.len() != expected {
        let (path, count) = (path.display(), names.len());
        return Err(Error::failed(format!("`{path}` names {count} classes, and there are {expected}")));
    }
    Ok(names)
}

/// What has been read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// One per image.
    pub labels: Vec<u32>,
    /// All images: rows, columns, channels.
    pub pixels: Vec<u8>,
}

impl Records {
    /// Adds all records of a file.
    ///
    /// # Errors
    /// When it is empty, ends within a record, has a label that is out of range or cannot be read.
    pub fn read(&mut self, mut input: impl Read, labels: Labels) -> std::result::Result<(), Problem> {
        let Form { bytes, at, classes } = labels.form();
        let length = bytes + PIXELS * SIZE.channels;
        let mut record = Vec::with_capacity(length);
        for number in 0..=MAX_RECORDS {
            record.clear();
            input.by_ref().take(length as u64).read_to_end(&mut record)?;
            if record.is_empty() && number > 0 {
                return Ok(());
            }
            let (Some(&label), true) = (record.get(at), record.len() == length) else {
                let there = record.len();
                return Err(Problem::Content(format!("it ends after {there} of the {length} bytes of image {number}")));
            };
            if label >= classes {
                return Err(Problem::Content(format!(
                    "image {number} has label {label}, and there are {classes} classes"
                )));
            }
            self.labels.push(u32::from(label));
            self.add_pixels(record.get(bytes..).unwrap_or_default());
        }
        Err(Problem::Content(format!("it has more than {MAX_RECORDS} images")))
    }

    /// From planes of one colour each to pixels of three.
    fn add_pixels(&mut self, planes: &[u8]) {
        let (red, rest) = planes.split_at(PIXELS.min(planes.len()));
        let (green, blue) = rest.split_at(PIXELS.min(rest.len()));
        for ((&red, &green), &blue) in red.iter().zip(green).zip(blue) {
            self.pixels.extend([red, green, blue]);
        }
    }
}
