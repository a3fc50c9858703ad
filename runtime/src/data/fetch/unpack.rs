//! Takes archives apart, trusting nothing that they say.
//!
//! A data set's archive was compared with its checksum before it comes here; this holds even for one that was not. What is
//! written lies inside of one folder, which is new, and is an ordinary file or folder with the usual permissions; there is no more of
//! it than the catalogue says.

mod place;

use super::catalogue::{Content, Packing};
use crate::error::{self, Error};
use flate2::read::MultiGzDecoder;
use place::Place;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use zip::read::ZipArchive;

/// Why an archive was not unpacked.
enum Problem {
    /// The archive is not to be trusted, or damaged.
    Archive(String),
    /// The disk.
    Local(Error),
}

/// What an archive could not be read for.
fn damaged(e: impl std::fmt::Display) -> Problem {
    Problem::Archive(format!("it is damaged: {e}"))
}

/// Unpacks `archive` into the folder `into`, which is there and empty, without the folder that everything in the archive lies in; tells
/// `progress` how many bytes are written.
///
/// # Errors
/// When the archive is not what it should be, or the disk is full.
pub(super) fn unpack(
    archive: &Path,
    packing: Packing,
    into: &Path,
    progress: &mut dyn FnMut(u64),
) -> error::Result<()> {
    let file = File::open(archive).map_err(|e| Error::io("open", archive, &e))?;
    let done = match packing {
        Packing::None => Ok(()),
        Packing::TarGz(content) => tar_gz(file, &mut Target::new(content, into, progress)),
        Packing::Zip(content) => zip(file, &mut Target::new(content, into, progress)),
    };
    done.map_err(|problem| match problem {
        Problem::Archive(reason) => Error::failed(format!("`{}` is not unpacked: {reason}", archive.display())),
        Problem::Local(error) => error,
    })
}

fn tar_gz(file: File, target: &mut Target<'_>) -> Result<(), Problem> {
    // Headers and padding come to less than four blocks an entry; long names have entries of their own.
    let longest =
        target.content.bytes.saturating_add(target.content.entries.saturating_mul(4 * 512)).saturating_add(1 << 16);
    let bytes = Bounded { input: MultiGzDecoder::new(BufReader::new(file)), left: longest };
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path_bytes().into_owned();
        let (kind, size) = (entry.header().entry_type(), entry.size());
        if kind.is_dir() {
            target.folder(&path)?;
        } else if kind.is_file() {
            target.file(&path, size, &mut entry)?;
        } else {
            return Err(Problem::Archive(format!("{} is no file and no folder ({kind:?})", quote(&path))));
        }
    }
    Ok(())
}

fn zip(file: File, target: &mut Target<'_>) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.has_duplicate_names() {
        return Err(Problem::Archive("a name comes twice in it".to_owned()));
    }
    // Before any is written, and in no time.
    if archive.len() as u64 > target.content.entries {
        return Err(target.too_many());
    }
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(damaged)?;
        let path = entry.name_raw().to_owned();
        // Where an archive was made elsewhere than on Unix there are no such modes.
        let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
        let size = entry.size();
        match (kind, entry.is_dir()) {
            (0 | 0o100_000, false) => target.file(&path, size, &mut entry)?,
            (0 | 0o040_000, true) => target.folder(&path)?,
            _ => return Err(Problem::Archive(format!("{} is no file and no folder", quote(&path)))),
        }
    }
    Ok(())
}

/// Where an archive goes, and how much of it has gone there.
struct Target<'a> {
    content: Content,
    place: Place<'a>,
    entries: u64,
    bytes: u64,
    progress: &'a mut dyn FnMut(u64),
    buffer: Vec<u8>,
}

impl<'a> Target<'a> {
    fn new(content: Content, into: &'a Path, progress: &'a mut dyn FnMut(u64)) -> Self {
        let place = Place::new(content.folder, into);
        Self { content, place, entries: 0, bytes: 0, progress, buffer: vec![0; 1 << 16] }
    }

    fn too_many(&self) -> Problem {
        Problem::Archive(format!("it has more than the {} files and folders that belong to it", self.content.entries))
    }

    fn too_large(&self) -> Problem {
        Problem::Archive(format!("more comes out of it than the {} bytes that belong to it", self.content.bytes))
    }

    fn count(&mut self) -> Result<(), Problem> {
        self.entries += 1;
        if self.entries > self.content.entries { Err(self.too_many()) } else { Ok(()) }
    }

    fn folder(&mut self, name: &[u8]) -> Result<(), Problem> {
        self.count()?;
        let path = self.place.folder(name).map_err(|reason| Problem::Archive(format!("{} {reason}", quote(name))))?;
        fs::create_dir_all(&path).map_err(|e| Problem::Local(Error::io("create", &path, &e)))
    }

    /// Writes one file of `size` bytes.
    fn file(&mut self, name: &[u8], size: u64, input: &mut dyn Read) -> Result<(), Problem> {
        self.count()?;
        if size > self.content.bytes - self.bytes {
            return Err(self.too_large());
        }
        let path = self.place.file(name).map_err(|reason| Problem::Archive(format!("{} {reason}", quote(name))))?;
        let local = |e: io::Error| Problem::Local(Error::io("write", &path, &e));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(local)?;
        }
        // A new file, never one that is there.
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(local)?;
        let mut left = size;
        loop {
            let count = input.read(&mut self.buffer).map_err(damaged)?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(|| damaged(format!("{} is too long", quote(name))))?;
            file.write_all(self.buffer.get(..count).unwrap_or_default()).map_err(local)?;
            self.bytes += count as u64;
            (self.progress)(self.bytes);
        }
        if left > 0 { Err(damaged(format!("{} is too short", quote(name)))) } else { Ok(()) }
    }
}

/// A name in an archive, for a message.
fn quote(name: &[u8]) -> String {
    const LONGEST: usize = 100;
    let shown = name.get(..LONGEST).unwrap_or(name).escape_ascii();
    format!("`{shown}{}`", if name.len() > LONGEST { "..." } else { "" })
}

/// Bytes that are an error after so many, whatever decompression promises.
struct Bounded<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => {
                self.left = left;
                Ok(count)
            }
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "more comes out of it than belongs to it")),
        }
    }
}
