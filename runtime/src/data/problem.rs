//! What is wrong with a file that is read from its first byte to its last.

use crate::error::Error;
use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
use std::path::Path;

/// Why a file could not be used.
#[derive(Debug)]
pub enum Problem {
    /// What is wrong with what is in it.
    Content(String),
    /// It could not be read, or not be unzipped.
    Io(std::io::Error),
}

impl From<std::io::Error> for Problem {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e)
    }
}

impl Problem {
    /// The same as an error, which names the file.
    pub(super) fn of(self, path: &Path) -> Error {
        let damaged =
            |reason: &dyn std::fmt::Display| Error::failed(format!("`{}` is damaged: {reason}", path.display()));
        match self {
            Self::Content(reason) => damaged(&reason),
            // What flate2 says about bad gzip data.
            Self::Io(e) if matches!(e.kind(), InvalidData | InvalidInput | UnexpectedEof) => damaged(&e),
            Self::Io(e) => Error::io("read", path, &e),
        }
    }
}
