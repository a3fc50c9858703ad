//! The IDX format of the MNIST family, gzipped or not.
//!
//! A file is the bytes 0, 0, type, number of dimensions, then each dimension as a big-endian 32-bit number, then the
//! values. Of the types only unsigned bytes (8) are in use for images and labels.

use super::{Dataset, ImageSize};
use crate::error::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::ErrorKind::{InvalidData, InvalidInput, NotFound, UnexpectedEof};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

const UNSIGNED_BYTE: u8 = 8;

/// More than this many bytes of values are taken for a damaged header: MNIST has 47 million.
const MAX_BYTES: usize = 1 << 33;

/// A part of a data set, named as MNIST's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`.
    Train,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`.
    Test,
}

impl Split {
    fn prefix(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "t10k",
        }
    }
}

/// Reads the images and labels of `split` from `folder`; files may end in `.gz`.
///
/// # Errors
/// When a file is missing or damaged, or the counts differ.
pub fn read(folder: &Path, split: Split) -> Result<Dataset> {
    let images_path = find(folder, &format!("{}-images-idx3-ubyte", split.prefix()))?;
    let labels_path = find(folder, &format!("{}-labels-idx1-ubyte", split.prefix()))?;
    let ([count, height, width], pixels) = read_file::<3>(&images_path)?;
    let ([label_count], labels) = read_file::<1>(&labels_path)?;
    if count != label_count {
        return Err(Error::failed(format!(
            "`{}` has {count} images, but `{}` has {label_count} labels",
            images_path.display(),
            labels_path.display()
        )));
    }
    let dataset =
        Dataset::new(ImageSize { height, width, channels: 1 }, pixels, labels.into_iter().map(u32::from).collect())?;
    Ok(dataset.named(format!("`{}`", images_path.display()), Vec::new()))
}

/// The file, or the file with `.gz` behind its name.
fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    let plain = folder.join(name);
    let zipped = folder.join(format!("{name}.gz"));
    match [plain, zipped].into_iter().find(|path| path.exists()) {
        Some(path) => Ok(path),
        None => Err(Error::io(
            "find",
            &folder.join(name),
            &std::io::Error::new(NotFound, "no such file, nor one that ends in `.gz`"),
        )),
    }
}

fn read_file<const N: usize>(path: &Path) -> Result<([usize; N], Vec<u8>)> {
    let file = File::open(path).map_err(|e| Error::io("open", path, &e))?;
    let file = BufReader::new(file);
    let parsed = if path.extension().is_some_and(|extension| extension == "gz") {
        parse(MultiGzDecoder::new(file))
    } else {
        parse(file)
    };
    parsed.map_err(|problem| match problem {
        Problem::Content(message) => Error::failed(format!("`{}` is damaged: {message}", path.display())),
        // What flate2 says about bad gzip data.
        Problem::Io(e) if matches!(e.kind(), InvalidData | InvalidInput | UnexpectedEof) => {
            Error::failed(format!("`{}` is damaged: {e}", path.display()))
        }
        Problem::Io(e) => Error::io("read", path, &e),
    })
}

/// Why a file could not be used.
#[derive(Debug)]
enum Problem {
    Content(String),
    Io(std::io::Error),
}

impl From<std::io::Error> for Problem {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e)
    }
}

/// The dimensions and values of an IDX file with `N` dimensions.
fn parse<const N: usize>(mut input: impl Read) -> std::result::Result<([usize; N], Vec<u8>), Problem> {
    let magic: [u8; 4] = read_array(&mut input)?;
    if magic[..3] != [0, 0, UNSIGNED_BYTE] || usize::from(magic[3]) != N {
        let expected = [0, 0, UNSIGNED_BYTE, u8::try_from(N).unwrap_or(u8::MAX)];
        return Err(Problem::Content(format!("it begins with {magic:?}, expected {expected:?}")));
    }
    let mut dimensions = [0; N];
    let mut length = 1_usize;
    for dimension in &mut dimensions {
        let value = u32::from_be_bytes(read_array(&mut input)?);
        *dimension = usize::try_from(value).unwrap_or(usize::MAX);
        length = length.saturating_mul(*dimension);
    }
    if length == 0 || length > MAX_BYTES {
        return Err(Problem::Content(format!("its dimensions {dimensions:?} cannot be right")));
    }
    // Memory grows with what is there, not with what the header claims.
    let mut values = Vec::new();
    input.by_ref().take(length as u64).read_to_end(&mut values)?;
    if values.len() < length {
        return Err(Problem::Content(format!("it ends after {} of {length} bytes of values", values.len())));
    }
    if input.read(&mut [0])? != 0 {
        return Err(Problem::Content(format!("it goes on after the {length} bytes that its header announces")));
    }
    Ok((dimensions, values))
}

fn read_array<const N: usize>(input: &mut impl Read) -> std::result::Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    match input.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(e) if e.kind() == UnexpectedEof => Err(Problem::Content("it ends within its header".to_owned())),
        Err(e) => Err(Problem::Io(e)),
    }
}
