//! One file, from the first source that has it.

use super::http::{Agent, Answer, agent, get, is_timeout, proxy};
use super::{Event, File, Options};
use crate::error::{self, Error};
use sha2::{Digest, Sha256};
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// An attempt that brought so much is not counted among those that failed.
const PROGRESS: u64 = 1 << 16;

/// Less than this in all the time that a source may be silent is taken for silence.
const TRICKLE: u64 = 1 << 12;

/// The longest pause between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why a file did not come.
pub(super) enum Failure {
    /// Another attempt at the same source may do.
    Passing(String),
    /// This source will not do.
    Final(String),
    /// Something on this machine is in the way.
    Local(Error),
}

/// A file on its way: what has arrived, and which version of the file that belongs to.
struct Part<'a> {
    file: &'a File,
    bytes: PathBuf,
    /// Holds an address, and the tag that the file had there.
    tag: PathBuf,
}

/// Downloads a file into `folder`, where what has arrived has `.part` behind its name; `urls` are tried in turn.
///
/// # Errors
/// When no address gives the right bytes, with the reason of each, or when they cannot be written.
pub(super) fn download(
    file: &File,
    urls: &[String],
    folder: &Path,
    options: &Options,
    watch: &mut dyn FnMut(Event<'_>),
) -> error::Result<()> {
    let agent = agent(options.stall, options.authorities.as_deref())?;
    let name = |end: &str| folder.join(format!("{}.{end}", file.name));
    let attempts = Attempts { agent, part: Part { file, bytes: name("part"), tag: name("tag") }, options };
    let mut reasons = Vec::new();
    for url in urls {
        match attempts.all(url, watch) {
            Ok(()) => return attempts.part.keep(&folder.join(file.name)),
            Err(Failure::Local(error)) => return Err(error),
            Err(Failure::Passing(reason) | Failure::Final(reason)) => {
                watch(Event::Refused { url, reason: &reason });
                reasons.push(format!("\n  {url}: {reason}"));
            }
        }
    }
    if let Some(proxy) = proxy(&attempts.agent) {
        reasons.push(format!("\na proxy was used, which the environment names: {proxy}"));
    }
    let have = attempts.part.length();
    if have > 0 {
        let (folder, all) = (folder.display(), file.bytes);
        reasons.push(format!("\n{have} of {all} bytes are kept in `{folder}`, and the next call goes on from there"));
    }
    Err(Error::failed(format!("cannot download `{}`:{}", file.name, reasons.concat())))
}

/// What all attempts to get a file have in common.
struct Attempts<'a> {
    agent: Agent,
    part: Part<'a>,
    options: &'a Options,
}

impl Attempts<'_> {
    /// Attempts to get the file from one address until there is nothing left to hope for.
    fn all(&self, url: &str, watch: &mut dyn FnMut(Event<'_>)) -> Result<(), Failure> {
        let mut failed = 0;
        loop {
            let before = self.part.length();
            let reason = match self.one(url, watch) {
                Err(Failure::Passing(reason)) => reason,
                other => return other,
            };
            failed = if self.part.length() >= before.saturating_add(PROGRESS) { 1 } else { failed + 1 };
            if failed >= self.options.tries {
                return Err(Failure::Final(reason));
            }
            let wait = LONGEST_WAIT.min(self.options.wait.saturating_mul(1 << (failed - 1).min(16)));
            watch(Event::Again { url, reason: &reason, wait });
            std::thread::sleep(wait);
        }
    }

    /// Gets what is missing of the file, and looks whether it is the right one.
    fn one(&self, url: &str, watch: &mut dyn FnMut(Event<'_>)) -> Result<(), Failure> {
        let part = &self.part;
        if part.length() > part.file.bytes {
            part.forget()?;
        }
        let have = part.length();
        if have < part.file.bytes {
            let answer = get(&self.agent, url, have, part.tag_at(url).as_deref())?;
            watch(Event::Start { file: part.file, url, have: answer.start });
            part.receive(url, answer, self.options.stall, watch)?;
        }
        let sum = part.sum()?;
        if sum == part.file.sha256 {
            return Ok(());
        }
        part.forget()?;
        if have > 0 {
            // Perhaps only its parts do not belong together.
            return Err(Failure::Passing("what had arrived before does not go with the rest".to_owned()));
        }
        let expected = part.file.sha256;
        Err(Failure::Final(format!("another file lies there: its SHA-256 is {sum}, expected {expected}")))
    }
}

impl Part<'_> {
    /// How many bytes have arrived.
    fn length(&self) -> u64 {
        fs::metadata(&self.bytes).map_or(0, |metadata| metadata.len())
    }

    /// The tag that the file had at this address when its beginning was read.
    fn tag_at(&self, url: &str) -> Option<String> {
        let text = fs::read_to_string(&self.tag).ok()?;
        let tag = text.strip_prefix(url)?.strip_prefix('\n')?;
        (!tag.is_empty()).then(|| tag.to_owned())
    }

    /// Writes what a server sends behind what is there.
    fn receive(
        &self,
        url: &str,
        answer: Answer,
        stall: Duration,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Failure> {
        let Answer { start, total, tag, mut body } = answer;
        let expected = self.file.bytes;
        if let Some(total) = total.filter(|&total| total != expected) {
            return Err(Failure::Final(format!("a file of {total} bytes lies there, expected {expected}")));
        }
        let cannot_write = |e: io::Error| Failure::Local(Error::io("write", &self.bytes, &e));
        let mut file = OpenOptions::new();
        file.write(true).create(true).append(start > 0).truncate(start == 0);
        let mut file = file.open(&self.bytes).map_err(cannot_write)?;
        fs::write(&self.tag, format!("{url}\n{}", tag.unwrap_or_default())).map_err(cannot_write)?;
        let (mut have, mut speed) = (start, Speed::new(stall));
        let mut buffer = vec![0; 1 << 16];
        loop {
            let ended = |reason: &str| Failure::Passing(format!("{reason} after {have} of {expected} bytes"));
            let count = match body.read(&mut buffer) {
                Ok(count) => count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) if is_timeout(&e) => return Err(ended("nothing more comes")),
                Err(e) => return Err(ended(&format!("the connection breaks ({e})"))),
            };
            if count == 0 {
                return if have == expected { Ok(()) } else { Err(ended("the connection ends")) };
            }
            if have + count as u64 > expected {
                return Err(Failure::Final(format!("the file there goes on after {expected} bytes")));
            }
            if !speed.is_enough(count as u64) {
                return Err(ended("hardly anything comes"));
            }
            file.write_all(buffer.get(..count).unwrap_or_default()).map_err(cannot_write)?;
            have += count as u64;
            watch(Event::Arrived { have });
        }
    }

    /// The SHA-256 of what has arrived.
    fn sum(&self) -> Result<String, Failure> {
        sum(&self.bytes).map_err(|e| Failure::Local(Error::io("read", &self.bytes, &e)))
    }

    /// Forgets what has arrived.
    fn forget(&self) -> Result<(), Failure> {
        // Without a file the tag stands for nothing.
        let _ = fs::remove_file(&self.tag);
        fs::remove_file(&self.bytes).map_err(|e| Failure::Local(Error::io("remove", &self.bytes, &e)))
    }

    /// Gives the whole file its name.
    fn keep(&self, path: &Path) -> error::Result<()> {
        fs::rename(&self.bytes, path).map_err(|e| Error::io("write", path, &e))?;
        let _ = fs::remove_file(&self.tag);
        Ok(())
    }
}

/// The SHA-256 of a file.
pub(super) fn sum(path: &Path) -> io::Result<String> {
    let mut sha = Sha256::new();
    io::copy(&mut fs::File::open(path)?, &mut sha)?;
    Ok(format!("{:x}", sha.finalize()))
}

/// Tells a source that sends a byte now and then from one that is only slow.
struct Speed {
    stall: Duration,
    since: Instant,
    bytes: u64,
}

impl Speed {
    fn new(stall: Duration) -> Self {
        Self { stall, since: Instant::now(), bytes: 0 }
    }

    fn is_enough(&mut self, bytes: u64) -> bool {
        self.bytes += bytes;
        if self.bytes >= TRICKLE {
            *self = Self::new(self.stall);
        }
        self.since.elapsed() < self.stall
    }
}
