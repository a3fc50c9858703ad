//! Finding and reading specs and libraries: the only input of the library. A spec is a file, or the name of an embedded one.
#![expect(clippy::disallowed_methods, reason = "this module and `build` are where the library does input and output")]

mod mended;
mod nearby;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use googlenetc_dsl::{Decoded, Flaw, LARGEST, suggest};

use crate::libraries::{Embedded, Library, Loader, is_path};
use crate::pipeline::{self, Compilation, Options};

pub use mended::{Change, Fixed, fix};

/// A spec's text and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The path as given, or the embedded file's name.
    pub name: String,
    /// All of it.
    pub text: Decoded,
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
    /// A folder, with the first spec in it.
    Folder(Option<String>),
    /// What may have been meant.
    NoSuchFile(Vec<String>),
    NoSuchName(Vec<&'static str>),
}

/// Reads a data file, such as a published table: the name of one of `embedded`, unless a file of the same name exists, or a
/// path.
///
/// # Errors
///
/// When there is no such file or name, or it cannot be read.
pub fn read_data(name: &str, embedded: &[googlenetc_specs::Spec]) -> Result<Text, ReadError> {
    let error = |reason| ReadError { spec: name.into(), reason };
    match read_file(name) {
        Ok(text) => Ok(file_text(name, text)),
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => {
            let names = || embedded.iter().map(|file| file.name).collect();
            let found = embedded.iter().find(|file| file.name == name);
            found.map_or_else(|| Err(error(Reason::NoSuchName(names()))), |file| Ok(embedded_text(file)))
        }
        Err(failure) => Err(error(failed(name, failure))),
    }
}

/// Why something that is there cannot be read.
fn failed(path: &str, failure: io::Error) -> Reason {
    if Path::new(path).is_dir() { Reason::Folder(nearby::first(path)) } else { Reason::Io(failure) }
}

fn embedded_text(file: &googlenetc_specs::Spec) -> Text {
    Text { name: file.file.into(), text: file.text.into(), embedded: true }
}

/// Reads a spec: `-` is standard input, a name that [`googlenetc_specs`] knows is that network unless a file of the same
/// name exists, and everything else is a path.
///
/// # Errors
///
/// When there is no such file or name, or it cannot be read.
pub fn read(spec: &str) -> Result<Text, ReadError> {
    let error = |reason| ReadError { spec: spec.into(), reason };
    if spec == "-" {
        return read_all(io::stdin()).map(|text| file_text("<stdin>", text)).map_err(|e| error(Reason::Io(e)));
    }
    match read_file(spec) {
        Ok(text) => Ok(file_text(spec, text)),
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => match googlenetc_specs::network(spec) {
            Some(network) => Ok(embedded_text(network)),
            None => Err(error(Reason::NoSuchFile(nearby::meant(spec)))),
        },
        Err(failure) => Err(error(failed(spec, failure))),
    }
}

/// Whether `spec` names an embedded network, and no file.
pub fn is_embedded(spec: &str) -> bool {
    spec != "-" && !Path::new(spec).exists() && googlenetc_specs::network(spec).is_some()
}

/// A spec that has been read and compiled, and what was read for it.
#[derive(Debug)]
pub struct Compiled {
    /// What became of it.
    pub compilation: Compilation,
    /// Every file that it depends on, also those that are not there.
    pub files: Vec<String>,
}

/// Reads and compiles a spec, by path or embedded name, as `options` want it, with the libraries and the published table
/// that it names.
///
/// # Errors
///
/// When the spec cannot be read. What is wrong with its libraries is among the messages of the compilation.
pub fn compile(spec: &str, options: &Options) -> Result<Compiled, ReadError> {
    let text = read(spec)?;
    let mut files = Files::default();
    let compilation = pipeline::compile_with(&text.name, text.text.clone(), options, &mut files);
    Ok(compiled(compilation, spec, &text, files))
}

/// Reads and compiles a spec that may also be a library, blocks without a network.
///
/// ```
/// let checked = googlenetc::input::check("googlenet", &googlenetc::Options::default())?;
/// let network = checked.compilation.network.expect("the embedded networks are right");
/// assert_eq!(network.input().to_string(), "3x224x224");
/// assert!(checked.files.is_empty(), "it comes with the compiler, and depends on no file");
/// # Ok::<(), googlenetc::input::ReadError>(())
/// ```
///
/// # Errors
///
/// When the spec cannot be read.
pub fn check(spec: &str, options: &Options) -> Result<Compiled, ReadError> {
    let text = read(spec)?;
    let mut files = Files::default();
    let compilation = pipeline::compile_any(&text.name, text.text.clone(), options, &mut files);
    Ok(compiled(compilation, spec, &text, files))
}

fn compiled(compilation: Compilation, spec: &str, text: &Text, files: Files) -> Compiled {
    let own = (!text.embedded && spec != "-").then(|| spec.to_owned());
    Compiled { compilation, files: own.into_iter().chain(files.asked).collect() }
}

/// Libraries and tables from files, relative to the file that names them, and those that come with the compiler.
#[derive(Debug, Clone, Default)]
pub struct Files {
    asked: Vec<String>,
}

impl Loader for Files {
    fn load(&mut self, name: &str, from: &str) -> Result<Library, String> {
        if is_path(name) { self.file(name, from) } else { Embedded.load(name, from) }
    }

    fn table(&mut self, name: &str, from: &str) -> Result<Library, String> {
        if is_path(name) { self.file(name, from) } else { Embedded.table(name, from) }
    }
}

impl Files {
    /// The file `name`, from the folder of the file `from`.
    fn file(&mut self, name: &str, from: &str) -> Result<Library, String> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let path = folder.join(name);
        let short = without_detours(&path);
        // Behind a link to a folder, `..` leads elsewhere than its name does.
        let is_same = match (fs::canonicalize(&path), fs::canonicalize(&short)) {
            (Ok(path), Ok(short)) => path == short,
            (Ok(_), Err(_)) => false,
            (Err(_), _) => true,
        };
        let file = if is_same { short } else { path }.to_string_lossy().into_owned();
        if !self.asked.contains(&file) {
            self.asked.push(file.clone());
        }
        let text = read_file(&file).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                format!("there is no file `{file}`")
            } else {
                format!("`{file}`: {error}")
            }
        })?;
        Ok(Library { name: file, text })
    }
}

/// `a/../b/./c` as `b/c`, so that one file has one name.
pub fn without_detours(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(short.components().next_back(), Some(Component::Normal(_))) => {
                short.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => short.push(part),
        }
    }
    short
}

fn file_text(name: &str, text: Decoded) -> Text {
    Text { name: name.into(), text, embedded: false }
}

fn read_file(path: &str) -> io::Result<Decoded> {
    read_all(File::open(path)?)
}

/// Reads to the end, or as much as is enough to be refused.
fn read_all(reader: impl Read) -> io::Result<Decoded> {
    let mut bytes = Vec::new();
    reader.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    let text: Decoded = bytes.into();
    if is_binary(&text) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is a binary file, and a text is wanted"));
    }
    Ok(text)
}

/// Whether this is no text at all, such as weights or a picture: a single zero can be a slip, and its place is shown.
fn is_binary(text: &Decoded) -> bool {
    text.flaw != Some(Flaw::Utf16)
        && text.text.chars().take(1000).filter(|character| *character == '\0').nth(1).is_some()
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = &self.spec;
        let guess = |words: &[String]| format!("; did you mean {}?", words.join(" or "));
        match &self.reason {
            Reason::Io(error) => write!(f, "cannot read `{spec}`: {error}"),
            Reason::Folder(Some(file)) => write!(f, "`{spec}` is a folder: name a file in it, such as `{file}`"),
            Reason::Folder(None) => write!(f, "`{spec}` is a folder, and a file is wanted"),
            Reason::NoSuchName(names) => {
                let near = suggest::nearest(spec, names.iter().copied()).map(|name| guess(&[format!("`{name}`")]));
                let rest = near.unwrap_or_else(|| format!(" (there is {})", names.join(", ")));
                write!(f, "there is no file `{spec}`, and nothing embedded of this name{rest}")
            }
            Reason::NoSuchFile(near) if near.is_empty() => {
                let names: Vec<&str> = googlenetc_specs::NETWORKS.iter().map(|network| network.name).collect();
                write!(
                    f,
                    "there is no file `{spec}`, and no embedded spec of this name (there is {})",
                    names.join(", ")
                )
            }
            Reason::NoSuchFile(near) => {
                write!(f, "there is no file `{spec}`, and no embedded spec of this name{}", guess(near))
            }
        }
    }
}

impl std::error::Error for ReadError {}
