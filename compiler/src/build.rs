//! For build scripts: a spec becomes Rust code in `OUT_DIR`, and cargo learns what it needs to know.
//!
//! A `build.rs` in three lines:
//!
//! ```no_run
//! fn main() -> Result<(), googlenetc::build::Error> {
//!     googlenetc::build::compile("specs/googlenet.yaml")
//! }
//! ```
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads, writes and talks to cargo by printing"
)]

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use googlenetc_dsl::render;

use crate::input::{self, Compiled, ReadError};
use crate::lints::Level;
use crate::messages;
use crate::pipeline::{self, Compilation};
use crate::report;

/// Why a build script cannot go on. `Debug` is what cargo shows when `main` returns it, so it is the message itself.
#[non_exhaustive]
pub enum Error {
    /// The spec could not be read.
    Read(ReadError),
    /// The spec is wrong; the text shows where and why.
    Spec(String),
    /// The generated file could not be written.
    Write(PathBuf, io::Error),
    /// `OUT_DIR` is not set, so this is not a build script.
    NotABuildScript,
}

/// How a spec is compiled: what wins over its own text.
///
/// ```no_run
/// fn main() -> Result<(), googlenetc::build::Error> {
///     googlenetc::build::Options::new().set("classes", "10").set("input", "1x224x224").compile("googlenet")
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Options {
    options: pipeline::Options,
}

impl Options {
    /// The spec as it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `classes`, `input`, `network`, or `block.NAME` to the name of another block with the same parameters.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.options.settings.push(format!("{key}={value}"));
        self
    }

    /// Says nothing about what a lint finds. It is called by its name or its code, or `all` stands for every one; what is
    /// said later wins over what is said earlier, and all of it over the spec.
    #[must_use]
    pub fn allow(self, lint: &str) -> Self {
        self.level(Level::Allow, lint)
    }

    /// Makes warnings of what a lint finds, called as for [`allow`](Self::allow).
    #[must_use]
    pub fn warn(self, lint: &str) -> Self {
        self.level(Level::Warn, lint)
    }

    /// Makes errors of what a lint finds, called as for [`allow`](Self::allow): the build fails.
    #[must_use]
    pub fn deny(self, lint: &str) -> Self {
        self.level(Level::Deny, lint)
    }

    fn level(mut self, level: Level, lint: &str) -> Self {
        self.options.levels.push((level, lint.to_owned()));
        self
    }

    /// As [`compile`], with these options.
    ///
    /// # Errors
    ///
    /// When the spec cannot be read or is wrong, a setting does not fit it, or the file cannot be written.
    pub fn compile(&self, spec: &str) -> Result<(), Error> {
        let directory = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(Error::NotABuildScript)?);
        let compiled = input::compile(spec, &self.options);
        watch(spec, &compiled);
        if let Err(error) = &compiled {
            println!("cargo::error={error}");
        }
        let Compiled { mut compilation, files } = compiled.map_err(Error::Read)?;
        let code = compilation.rust();
        compilation.sources.rename(&files, from_the_workspace);
        tell(&compilation);
        let code = code.ok_or_else(|| wrong(&compilation))?;
        let name = &compilation.sources.get(compilation.main).name;
        let stem = Path::new(name).file_stem().unwrap_or_default();
        // Not `with_extension`: a name such as `squeezenet-1.1` would lose its end.
        let file = directory.join(format!("{}.rs", stem.to_string_lossy()));
        write_if_changed(&file, &code).map_err(|error| Error::Write(file, error))?;
        link();
        Ok(())
    }

    /// As [`report`](report()), with these options.
    ///
    /// # Errors
    ///
    /// When the spec cannot be read or is wrong, or a setting does not fit it.
    pub fn report(&self, spec: &str) -> Result<String, Error> {
        let Compiled { compilation, .. } = input::compile(spec, &self.options).map_err(Error::Read)?;
        let network = compilation.network.as_ref().ok_or_else(|| wrong(&compilation))?;
        Ok(report::human(&report::report(network)))
    }
}

/// Compiles a spec, by path or embedded name, to `$OUT_DIR/NAME.rs`, where `NAME` is the spec's without its ending;
/// `googlenetc_runtime::include_network!("NAME")` includes it.
///
/// Tells cargo when to run again, and how binaries and tests of the crate find libtorch, as long as the crate depends on
/// `googlenetc-runtime` directly.
///
/// # Errors
///
/// When the spec cannot be read or is wrong, or the file cannot be written.
pub fn compile(spec: &str) -> Result<(), Error> {
    Options::new().compile(spec)
}

/// The report of a spec as text, by path or embedded name, for tests that snapshot it.
///
/// # Errors
///
/// When the spec cannot be read or is wrong.
pub fn report(spec: &str) -> Result<String, Error> {
    Options::new().report(spec)
}

/// Tells cargo which files to watch: the spec, its libraries and its published table. What is embedded has no file, but the compiler that holds
/// it is a dependency which cargo watches.
fn watch(spec: &str, compiled: &Result<Compiled, ReadError>) {
    let files = match compiled {
        Ok(Compiled { files, .. }) => files.clone(),
        Err(_) => vec![spec.to_owned()],
    };
    let files = if files.is_empty() { vec!["build.rs".to_owned()] } else { files };
    for file in files {
        println!("cargo::rerun-if-changed={file}");
    }
}

/// So many messages about one spec are shown.
const LIMIT: Option<usize> = Some(100);

fn wrong(compilation: &Compilation) -> Error {
    Error::Spec(messages::human(&compilation.diagnostics, &compilation.sources, LIMIT, false))
}

/// Hands cargo a line for each message, which it shows with the name of the package.
fn tell(compilation: &Compilation) {
    let shown = messages::at_most(&compilation.diagnostics, LIMIT);
    for diagnostic in &shown.diagnostics {
        println!("cargo::{}={}", diagnostic.severity.name(), render::short(diagnostic, &compilation.sources));
    }
    if let Some(rest) = shown.rest() {
        println!("cargo::warning={rest}");
    }
}

/// A file's path as seen from the root of the workspace, where cargo runs rustc and so terminals and editors look for paths.
/// The root is where the lock file is.
fn from_the_workspace(file: &str) -> String {
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else { return file.into() };
    let root = package.ancestors().find(|folder| folder.join("Cargo.lock").exists());
    match root.and_then(|root| package.strip_prefix(root).ok()) {
        Some(below) if Path::new(file).is_relative() => below.join(file).to_string_lossy().into_owned(),
        _ => file.into(),
    }
}

/// Writes a file whole or not at all, and leaves it alone when its bytes are already right, so that nobody rebuilds for
/// nothing. A file that is there keeps its permissions. Says whether it wrote.
///
/// # Errors
///
/// When the file or its folder cannot be written.
pub fn write_if_changed(file: &Path, text: &str) -> io::Result<bool> {
    if std::fs::read(file).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(false);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().permissions(ordinary(folder)?).tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    if let Ok(old) = std::fs::metadata(file) {
        temporary.as_file().set_permissions(old.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    Ok(true)
}

/// The permissions of an ordinary new file, before the umask; temporary files would be for their owner alone.
fn ordinary(folder: &Path) -> io::Result<std::fs::Permissions> {
    let permissions = std::fs::metadata(folder)?.permissions();
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = permissions;
        permissions.set_mode(0o666);
        permissions
    };
    Ok(permissions)
}

/// Lets this crate's binaries and tests find libtorch where `googlenetc-runtime` was linked against it.
fn link() {
    let variable = "DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB";
    println!("cargo::rerun-if-env-changed={variable}");
    match std::env::var(variable) {
        Ok(folder) => println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}"),
        Err(_) => println!(
            "cargo::warning=googlenetc-runtime is not a direct dependency of this crate, so its programs may not find libtorch: \
             add it to [dependencies]"
        ),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Spec(messages) => write!(f, "the spec is wrong\n\n{messages}"),
            Self::Write(file, error) => write!(f, "cannot write `{}`: {error}", file.display()),
            Self::NotABuildScript => f.write_str("OUT_DIR is not set: `compile` is for build scripts"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
