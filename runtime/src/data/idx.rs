//! The IDX format of the MNIST family, gzipped or not.
//!
//! A file is the bytes 0, 0, type, number of dimensions, then each dimension as a big-endian 32-bit number, then the
//! values. Of the types only unsigned bytes (8) are in use for images and labels.

use super::{Dataset, ImageSize, Part, Problem};
use crate::error::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::ErrorKind::{NotFound, UnexpectedEof};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

const UNSIGNED_BYTE: u8 = 8;

const GZIP: [u8; 2] = [0x1f, 0x8b];

const IMAGES: &str = "images-idx3-ubyte";
const LABELS: &str = "labels-idx1-ubyte";

/// More than this many bytes of values are taken for a damaged header: MNIST has 47 million.
const MAX_BYTES: usize = 1 << 33;

/// Reads the images and labels of one part from `folder`: `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, or the
/// same with `t10k`; also packed with `.gz` behind the name, in capitals, with a full stop before `idx`, or in a folder of that name.
///
/// # Errors
/// When a file is missing or damaged, or the counts differ.
pub fn read(folder: &Path, part: Part) -> Result<Dataset> {
    let path = |content: &str| -> Result<PathBuf> {
        let missing = || {
            let expected = folder.join(format!("{}-{content}", prefixes(part)[0]));
            Error::io("find", &expected, &std::io::Error::new(NotFound, "no such file, nor one that ends in `.gz`"))
        };
        find(folder, part, content)?.ok_or_else(missing)
    };
    let (images_path, labels_path) = (path(IMAGES)?, path(LABELS)?);
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

/// Whether `folder` has images of either part.
pub(super) fn is_here(folder: &Path) -> Result<bool> {
    Ok(find(folder, Part::Training, IMAGES)?.is_some() || find(folder, Part::HeldOut, IMAGES)?.is_some())
}

fn prefixes(part: Part) -> &'static [&'static str] {
    match part {
        Part::Training => &["train"],
        Part::HeldOut => &["t10k", "test"],
    }
}

/// The file, plain or with `.gz` behind its name, in capitals or not, and with a full stop before `idx`, as some unpack
/// it: `train-images.idx3-ubyte`. In place of the file there may be a folder of that name that holds it.
fn find(folder: &Path, part: Part, content: &str) -> Result<Option<PathBuf>> {
    let mut found = Vec::new();
    for prefix in prefixes(part) {
        let wanted = format!("{prefix}-{content}");
        for path in matching(folder, &wanted)? {
            if path.is_dir() { found.extend(matching(&path, &wanted)?) } else { found.push(path) }
        }
    }
    Ok(found.into_iter().find(|path| path.is_file()))
}

/// What is spelled like this in `folder`; plain files before gzipped ones.
fn matching(folder: &Path, wanted: &str) -> Result<Vec<PathBuf>> {
    let failed = |e| Error::io("read the folder", folder, &e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let lower = name.to_string_lossy().to_ascii_lowercase();
        let plain = lower.strip_suffix(".gz");
        if plain.unwrap_or(&lower).replace('.', "-") == wanted {
            found.push((plain.is_some(), name));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| folder.join(name)).collect())
}

fn read_file<const N: usize>(path: &Path) -> Result<([usize; N], Vec<u8>)> {
    let file = File::open(path).map_err(|e| Error::io("open", path, &e))?;
    parse(BufReader::new(file)).map_err(|problem| problem.of(path))
}

/// The dimensions and values of an IDX file with `N` dimensions, gzipped or not.
///
/// # Errors
/// When it has another number of dimensions, too few bytes or too many, or cannot be read.
pub fn parse<const N: usize>(mut input: impl BufRead) -> std::result::Result<([usize; N], Vec<u8>), Problem> {
    // Browsers and mirrors unzip files and leave their names alone, or the other way round.
    if input.fill_buf()?.starts_with(&GZIP) { parse_plain(MultiGzDecoder::new(input)) } else { parse_plain(input) }
}

fn parse_plain<const N: usize>(mut input: impl Read) -> std::result::Result<([usize; N], Vec<u8>), Problem> {
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
