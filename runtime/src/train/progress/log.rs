//! What was said, in a file.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

/// `log.txt` of a run.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
}

impl Log {
    /// Goes on where the file ends.
    pub(super) fn append(path: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(path);
        Ok(Self { file: file.map_err(|e| Error::io("write", path, &e))? })
    }

    /// Adds a line, or several, with the time in front. A log that cannot be written, perhaps because the disk is full, stops no run.
    pub(super) fn line(&mut self, line: &str) {
        let now = humantime::format_rfc3339_seconds(SystemTime::now());
        let _ = self.file.write_all(format!("{now} {}\n", line.replace('\n', "\n  ")).as_bytes());
    }
}
