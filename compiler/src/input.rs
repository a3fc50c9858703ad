//! Finding and reading specs: the only input of the library. A spec is a file, or the name of an embedded one.
#![expect(clippy::disallowed_methods, reason = "this module and `build` are where the library does input and output")]

use std::fmt;
use std::io;
use std::path::Path;

/// A spec's text and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The path as given, or the embedded file's name.
    pub name: String,
    /// All of it.
    pub text: String,
    /// Whether it comes with the tool instead of from a file.
    pub embedded: bool,
}

/// Why a spec could not be read.
#[derive(Debug)]
pub struct ReadError {
    spec: String,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    NotUtf8(usize),
    NoSuchFile,
}

/// Reads a spec: `-` is standard input, a name that [`googlenetc_specs`] knows is that network unless a file of the same
/// name exists, and everything else is a path.
///
/// # Errors
///
/// When there is no such file or name, it cannot be read, or it is not UTF-8.
pub fn read(spec: &str) -> Result<Text, ReadError> {
    let error = |reason| ReadError { spec: spec.into(), reason };
    if spec == "-" {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin(), &mut bytes).map_err(|e| error(Reason::Io(e)))?;
        return decode("<stdin>", bytes).map_err(error);
    }
    match std::fs::read(Path::new(spec)) {
        Ok(bytes) => decode(spec, bytes).map_err(error),
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => match googlenetc_specs::network(spec) {
            Some(network) => Ok(Text { name: network.file.into(), text: network.text.into(), embedded: true }),
            None => Err(error(Reason::NoSuchFile)),
        },
        Err(failure) => Err(error(Reason::Io(failure))),
    }
}

fn decode(name: &str, bytes: Vec<u8>) -> Result<Text, Reason> {
    String::from_utf8(bytes)
        .map(|text| Text { name: name.into(), text, embedded: false })
        .map_err(|error| Reason::NotUtf8(error.utf8_error().valid_up_to()))
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = &self.spec;
        match &self.reason {
            Reason::Io(error) => write!(f, "cannot read `{spec}`: {error}"),
            Reason::NotUtf8(at) => write!(f, "`{spec}` is not UTF-8 text: the byte at offset {at} does not belong"),
            Reason::NoSuchFile => {
                let names: Vec<&str> = googlenetc_specs::NETWORKS.iter().map(|network| network.name).collect();
                write!(
                    f,
                    "there is no file `{spec}`, and no embedded spec of this name (there is {})",
                    names.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for ReadError {}
