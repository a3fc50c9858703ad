//! The one error type of this crate: a message for a person, and whose fault it is.

use std::fmt;
use std::io;
use std::path::Path;

/// What went wrong, as far as a calling program cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Files were fine to read and write, but the work could not be done with what is in them.
    Failed,
    /// A file or folder could not be read or written.
    Io,
    /// Somebody asked for the work to stop.
    Interrupted,
}

/// An error: its message says what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// The result of whatever can fail in this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The work failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Failed, message: message.into() }
    }

    /// The work was stopped because somebody asked for it.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Interrupted, message: message.into() }
    }

    /// `path` could not be read, written, ... (`verb`).
    pub fn io(verb: &str, path: &Path, source: &io::Error) -> Self {
        Self { kind: ErrorKind::Io, message: format!("cannot {verb} `{}`: {source}", path.display()) }
    }

    /// The same with more to say.
    #[must_use]
    pub fn and(self, more: &str) -> Self {
        Self { message: format!("{}{more}", self.message), ..self }
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
