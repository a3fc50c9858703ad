//! Downloads data sets. Nothing else in this project opens a connection, and this does it only when it is called.
//!
//! A data set arrives in the folder `NAME.part` beside the one that it is for, which appears only when all of it is there and
//! right. Whenever the work is cut off, the next call goes on from there.

mod catalogue;
mod download;
mod http;
mod unpack;

pub use catalogue::{CATALOGUE, Content, DataSet, File, Packing};

use crate::error::{Error, Result};
use std::fmt::Write;
use std::fs::{self, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What lies in a folder beside a data set, and says what it is.
const RECORD: &str = "SOURCE.txt";

/// Keeps others out of the folder for what arrives.
const LOCK: &str = "lock";

/// Where to look, and how patiently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The addresses of folders with the data set's files, which are tried before its usual sources.
    pub mirrors: Vec<String>,
    /// How often a source may fail in turn, at least 1. An attempt that brought 64 KiB begins the count anew.
    pub tries: u32,
    /// The pause after the first failure; it doubles with each up to half a minute.
    pub wait: Duration,
    /// How long a source may be silent.
    pub stall: Duration,
    /// A PEM file with the certificate authorities to trust in place of Mozilla's.
    pub authorities: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let (wait, stall) = (Duration::from_secs(1), Duration::from_secs(60));
        Self { mirrors: Vec::new(), tries: 5, wait, stall, authorities: None }
    }
}

/// What happens, for those who watch.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A file begins to arrive, after the bytes that are there already.
    Start {
        /// The file.
        file: &'a File,
        /// Where from.
        url: &'a str,
        /// How much of it is there.
        have: u64,
    },
    /// So many bytes of the file are there.
    Arrived {
        /// How many.
        have: u64,
    },
    /// An attempt has failed; there is another one after a pause.
    Again {
        /// Where from.
        url: &'a str,
        /// Why it failed.
        reason: &'a str,
        /// How long the pause is.
        wait: Duration,
    },
    /// A source will not do; the next one is tried.
    Refused {
        /// Which one.
        url: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A file is there, and its checksum is right.
    Verified {
        /// The file.
        file: &'a File,
    },
    /// An archive is being unpacked.
    Unpacked {
        /// The archive.
        file: &'a File,
        /// How many bytes have come out of it.
        bytes: u64,
    },
}

/// What has come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The data set has been downloaded.
    Fetched,
    /// It was there before.
    WasThere,
}

/// Downloads `set`, so that `folder` holds it.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::fetch::{CATALOGUE, Event, Options, fetch};
/// use std::path::Path;
///
/// let set = CATALOGUE.iter().find(|set| set.name == "mnist").expect("it is in the catalogue");
/// fetch(set, Path::new("mnist"), &Options::default(), &mut |event| {
///     if let Event::Verified { file } = event {
///         println!("{} is there", file.name);
///     }
/// })?;
/// # Ok::<(), googlenetc_runtime::error::Error>(())
/// ```
///
/// # Errors
/// When the folder holds something else, no source gives the right bytes, an archive is not what it should be, or the disk is full.
pub fn fetch(set: &DataSet, folder: &Path, options: &Options, watch: &mut dyn FnMut(Event<'_>)) -> Result<Outcome> {
    let (folder, part) = places(folder)?;
    let record = record(set);
    if fs::read_to_string(folder.join(RECORD)).is_ok_and(|text| text == record) {
        // Left over if the work was cut off at its very end.
        let _ = fs::remove_dir_all(&part);
        return Ok(Outcome::WasThere);
    }
    if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::failed(format!("`{}` is not empty: name a folder that is not there yet", folder.display())));
    }
    fs::create_dir_all(&part).map_err(|e| Error::io("create", &part, &e))?;
    let lock = lock(&part)?;
    let content = part.join("content");
    let collected = check_space(set, &part).and_then(|()| collect(set, &part, &content, options, watch));
    if let Err(error) = collected {
        // Nothing else is there if nothing has arrived; otherwise the folder stays.
        let _ = fs::remove_file(part.join(LOCK)).and_then(|()| fs::remove_dir(&part));
        return Err(error);
    }
    let path = content.join(RECORD);
    fs::write(&path, record).map_err(|e| Error::io("write", &path, &e))?;
    // An empty folder makes way; where there is none, this fails, and rightly so.
    let _ = fs::remove_dir(&folder);
    fs::rename(&content, &folder).map_err(|e| Error::io("create", &folder, &e))?;
    drop(lock);
    // Nobody asks for it any more.
    let _ = fs::remove_dir_all(&part);
    Ok(Outcome::Fetched)
}

/// The folder for the data set, with links followed, and the one beside it for what arrives.
fn places(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let Some(name) = folder.file_name() else {
        return Err(Error::failed(format!("`{}` is no name for a new folder", folder.display())));
    };
    let mut part = name.to_owned();
    part.push(".part");
    let part = folder.with_file_name(part);
    Ok((folder, part))
}

/// Keeps others from working in the same folder; where a file system knows no locks, nobody does.
fn lock(part: &Path) -> Result<fs::File> {
    let path = part.join(LOCK);
    let file = fs::File::create(&path).map_err(|e| Error::io("write", &path, &e))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(Error::failed(format!("another program is at work in `{}`", part.display())))
        }
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Looks whether the disk has room for what is still to come.
fn check_space(set: &DataSet, part: &Path) -> Result<()> {
    let length = |path: PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let have = |file: &File| length(part.join(file.name)).max(length(part.join(format!("{}.part", file.name))));
    let missing: u64 = set.files.iter().map(|file| file.bytes.saturating_sub(have(file))).sum();
    let unpacked = match set.packing {
        Packing::None => 0,
        Packing::TarGz(content) | Packing::Zip(content) => content.bytes,
    };
    let needed = missing.saturating_add(unpacked);
    match fs4::available_space(part) {
        Ok(free) if free < needed => Err(Error::failed(format!(
            "`{}` still needs {} MB, but its disk has only {} MB left",
            part.display(),
            needed.div_ceil(1_000_000),
            free / 1_000_000
        ))),
        // Where it cannot be known, writing will tell.
        _ => Ok(()),
    }
}

/// Gets all files, and makes the data set of them in `content`.
fn collect(
    set: &DataSet,
    part: &Path,
    content: &Path,
    options: &Options,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<()> {
    for file in set.files {
        let path = part.join(file.name);
        if !download::sum(&path).is_ok_and(|sum| sum == file.sha256) {
            let mirrors = options.mirrors.iter().map(String::as_str);
            let folders = mirrors.chain(set.sources.iter().copied());
            let urls: Vec<String> = folders.map(|url| format!("{}/{}", url.trim_end_matches('/'), file.name)).collect();
            download::download(file, &urls, part, options, watch)?;
        }
        watch(Event::Verified { file });
    }
    // What an earlier call has unpacked may be half of it.
    if content.exists() {
        fs::remove_dir_all(content).map_err(|e| Error::io("remove", content, &e))?;
    }
    fs::create_dir(content).map_err(|e| Error::io("create", content, &e))?;
    for file in set.files {
        let path = part.join(file.name);
        if set.packing == Packing::None {
            let place = content.join(file.name);
            fs::hard_link(&path, &place)
                .or_else(|_| fs::copy(&path, &place).map(drop))
                .map_err(|e| Error::io("write", &place, &e))?;
        } else {
            watch(Event::Unpacked { file, bytes: 0 });
            unpack::unpack(&path, set.packing, content, &mut |bytes| watch(Event::Unpacked { file, bytes }))?;
        }
    }
    Ok(())
}

/// What the data set is and which files it was made of.
fn record(set: &DataSet) -> String {
    let mut text =
        format!("{}: {}\nTerms of use: {}\n\nSHA-256 of what was downloaded:\n", set.name, set.summary, set.terms);
    for file in set.files {
        // A string takes everything.
        let _ = writeln!(text, "{}  {}", file.sha256, file.name);
    }
    text
}
