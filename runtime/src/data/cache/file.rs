//! The file of a cache.
//!
//! It has a header, the pixels of one image after another, and an index of where they are, each with a checksum. The file gets its
//! name when it is complete.

mod index;

use crate::data::parallel::{InOrder, guarded};
use crate::data::{Image, Source};
use crate::error::{Error, Result};
use index::{Entry, Index};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// A cache file that is open. Where it turns out to be damaged it is removed, and the next run makes a new one.
pub(super) struct CacheFile {
    file: File,
    path: PathBuf,
    index: Index,
}

impl CacheFile {
    /// The cache file in `path`, if it is there and was made whole for `images` images with this key.
    pub(super) fn open(path: &Path, key: blake3::Hash, images: usize) -> Option<Self> {
        let file = File::open(path).ok()?;
        let index = Index::read(&file, key, images)?;
        Some(Self { file, path: path.to_owned(), index })
    }

    /// Decodes all images into a new file.
    pub(super) fn make(
        path: &Path,
        key: blake3::Hash,
        source: &Arc<dyn Source>,
        workers: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, &e))?;
        let failed = |e| Error::io("write", path, &e);
        let file = tempfile::Builder::new().prefix("unfinished-").tempfile_in(folder).map_err(failed)?;
        let index = fill(&file, key, source, workers, progress).map_err(failed)?;
        let file = file.persist(path).map_err(|e| failed(e.error))?;
        Ok(Self { file, path: path.to_owned(), index })
    }

    /// Image `i`, if it is here and undamaged.
    pub(super) fn image(&self, i: usize) -> Option<Image> {
        let entry = self.index.get(i)?;
        let image = self.read(&entry);
        if image.is_none() {
            // Should it stay, it costs time and does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
        image
    }

    fn read(&self, entry: &Entry) -> Option<Image> {
        let mut pixels = vec![0; entry.size.bytes()];
        read_at(&self.file, &mut pixels, entry.offset).ok()?;
        if crc32fast::hash(&pixels) != entry.checksum {
            return None;
        }
        Image::new(entry.size, pixels).ok()
    }
}

fn fill(
    file: &NamedTempFile,
    key: blake3::Hash,
    source: &Arc<dyn Source>,
    workers: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> std::io::Result<Index> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut index = Index::begin(&mut out, key)?;
    let images = source.labels().len();
    let decode = {
        let source = source.clone();
        move |i| {
            let image = guarded(|| source.image(i), || source.name(i)).ok()?;
            Some((crc32fast::hash(image.pixels()), image))
        }
    };
    for (done, decoded) in InOrder::new(0..images, workers, move |i, _| Ok(decode(i))).enumerate() {
        match decoded.ok().flatten() {
            Some((checksum, image)) => {
                out.write_all(image.pixels())?;
                index.add(image.size(), checksum);
            }
            None => index.add_none(),
        }
        progress(done + 1, images);
    }
    index.finish(&mut out)?;
    out.flush()?;
    Ok(index)
}

/// Fills `bytes` from this place of the file. Threads do not disturb each other.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Fills `bytes` from this place of the file. Threads do not disturb each other.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.get_mut(count..).unwrap_or_default();
        offset += count as u64;
    }
    Ok(())
}
