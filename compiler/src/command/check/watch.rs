//! `check --watch`: checks again when a file changes.
//!
//! Files are looked at a few times in a second. That notices every way in which editors save, also by putting a new file in
//! the place of the old one, and files that are not there yet, on every file system; a few dozen files cost nothing.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anstream::{eprint, eprintln};

use super::{Arguments, folder, once};

/// How often files are looked at.
const INTERVAL: Duration = Duration::from_millis(150);

/// Moves to the upper left and clears what was on the screen, not what can be scrolled to.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// What tells that a file has changed; `None` when it is not there.
type Stamp = Option<(Option<SystemTime>, u64)>;

/// Checks whenever something changes, until somebody ends the process.
pub(super) fn run(arguments: &Arguments) -> u8 {
    let mut known = stamps(arguments, &[]);
    loop {
        let (_, files) = once(arguments);
        let mut before = stamps(arguments, &files);
        // What was known before the check keeps its stamp, so that a change during the check is not missed.
        for (file, stamp) in &mut before {
            *stamp = known.get(file).copied().unwrap_or(*stamp);
        }
        let plural = if before.len() == 1 { "" } else { "s" };
        eprintln!("watching {} file{plural}, Ctrl-C ends", before.len());
        // Nobody may read, and there is nobody to tell.
        _ = std::io::stdout().flush();
        known = changed(arguments, &files, &before);
        if std::io::stderr().is_terminal() {
            eprint!("{CLEAR}");
        }
    }
}

/// Waits until something differs from `before`, and no more changes for a moment. Returns what is there then.
fn changed(arguments: &Arguments, files: &[String], before: &BTreeMap<PathBuf, Stamp>) -> BTreeMap<PathBuf, Stamp> {
    let mut last = before.clone();
    loop {
        std::thread::sleep(INTERVAL);
        let now = stamps(arguments, files);
        if now == last && now != *before {
            return now;
        }
        last = now;
    }
}

/// The stamps of all files that the specs depend on.
fn stamps(arguments: &Arguments, files: &[String]) -> BTreeMap<PathBuf, Stamp> {
    let given = arguments.specs.iter().flat_map(|spec| match folder::files(spec) {
        Ok(files) => files,
        Err(_) => vec![PathBuf::from(spec)],
    });
    given.chain(files.iter().map(PathBuf::from)).map(|file| (file.clone(), stamp(&file))).collect()
}

fn stamp(file: &Path) -> Stamp {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}
