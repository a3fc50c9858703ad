//! What the subcommands share: reading a spec, printing, exit codes.

pub(crate) mod at;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod diagram;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod keys;
pub(crate) mod levels;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod style;
pub(crate) mod words;

use std::io::{self, Write};
use std::path::Path;

use anstream::{eprint, eprintln};
use googlenetc::{Call, CheckedNetwork, Compilation, Options, input, messages};
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{SourceId, Sources};

/// Everything is fine.
pub(crate) const FINE: u8 = 0;
/// The spec is wrong.
pub(crate) const WRONG_SPEC: u8 = 1;
/// Wrong usage, as clap has it.
pub(crate) const USAGE: u8 = 2;
/// Input or output failed.
pub(crate) const IO_FAILED: u8 = 3;

/// What exit codes mean where nothing else is said.
pub(crate) const EXIT_CODES: &str = "Exit codes: 0 fine, 1 the spec is wrong, 2 wrong usage, 3 input or output failed.";

/// What stands below the help of a subcommand: examples, a line each, and paragraphs.
pub(crate) fn closing(examples: &[&str], paragraphs: &[&str]) -> String {
    format!("Examples:\n  {}\n\n{}", examples.join("\n  "), paragraphs.join("\n\n"))
}

/// How many messages about one spec people are shown.
pub(crate) const LIMIT: usize = 100;

/// What is to be different from what a spec says.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// Change something that the spec says: `--set classes=10`, `--set input=3x299x299`, `--set network=Name`, or `--set
    /// block.inception=other`, after which calls of the block `inception` call `other`, whose parameters must have the same
    /// names. May be given more than once
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Derive the network for another input, channels x height x width, such as `--input 1x28x28`: short for `--set input=...`
    #[arg(long, value_name = "CxHxW")]
    input: Option<String>,
    #[command(flatten)]
    levels: levels::Levels,
}

impl Settings {
    fn options(&self, call: Option<Call>) -> Options {
        let settings = self.set.iter().cloned().chain(self.input.iter().map(|input| format!("input={input}")));
        Options { settings: settings.collect(), levels: self.levels.list().to_vec(), call }
    }

    /// The same for a build script, as calls of `build::Options`.
    fn steps(&self) -> Vec<String> {
        let split = |setting: &String| {
            let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
            format!("set({key:?}, {value:?})")
        };
        let set = self.set.iter().map(split).chain(self.input.iter().map(|input| format!("set(\"input\", {input:?})")));
        set.chain(self.levels.list().iter().map(|(level, lint)| format!("{}({lint:?})", level.word()))).collect()
    }

    /// What to type for the same settings; levels change nothing that is generated.
    fn words(&self) -> Vec<String> {
        let set = self.set.iter().flat_map(|setting| ["--set".to_owned(), setting.clone()]);
        set.chain(self.input.iter().flat_map(|input| ["--input".to_owned(), input.clone()])).collect()
    }
}

/// Words as a POSIX shell reads them.
pub(crate) fn shell(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    let quoted = |word: &String| {
        let needless = !word.is_empty() && word.chars().all(plain);
        if needless { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Compiles a spec and hands it on, if it is right.
pub(crate) fn with_network(
    spec: &str,
    settings: &Settings,
    emit: impl FnOnce(&Compilation, &CheckedNetwork) -> u8,
) -> u8 {
    match compile(spec, settings) {
        Err(code) => code,
        Ok(compilation) => compilation.network.as_ref().map_or(WRONG_SPEC, |network| emit(&compilation, network)),
    }
}

/// Reads and compiles a spec; prints its messages.
pub(crate) fn compile(spec: &str, settings: &Settings) -> Result<Compilation, u8> {
    compile_part(spec, settings, None)
}

/// Reads a spec and compiles one call of a block in it, if there is one to be made, or else all of it; prints messages.
pub(crate) fn compile_part(spec: &str, settings: &Settings, call: Option<Call>) -> Result<Compilation, u8> {
    let compiled = input::compile(spec, &settings.options(call)).map_err(|error| {
        eprintln!("error: {error}");
        IO_FAILED
    })?;
    let compilation = compiled.compilation;
    // anstream strips the colours where they are not wanted.
    eprint!("{}", messages::human(&compilation.diagnostics, &compilation.sources, Some(LIMIT), true));
    Ok(compilation)
}

/// Reads a data file, embedded or not; prints what is wrong with it.
pub(crate) fn data<T>(
    name: &str,
    embedded: &[googlenetc_specs::Spec],
    read: impl FnOnce(&Sources, SourceId) -> (Option<T>, Vec<Diagnostic>),
) -> Result<T, u8> {
    let text = input::read_data(name, embedded).map_err(|error| {
        eprintln!("error: {error}");
        IO_FAILED
    })?;
    let mut sources = Sources::new();
    let id = sources.add(text.name, text.text);
    let (data, diagnostics) = read(&sources, id);
    if !diagnostics.is_empty() {
        eprint!("{}", googlenetc_dsl::render::render(&diagnostics, &sources, true));
    }
    data.ok_or(WRONG_SPEC)
}

/// Prints data; a reader that goes away, as in `| head`, is no failure.
pub(crate) fn print(text: &str) -> u8 {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("error: cannot write to standard output: {error}");
            IO_FAILED
        }
        _ => FINE,
    }
}

/// Writes a file, unless it has these bytes already, and says so.
pub(crate) fn write(file: &Path, text: &str) -> u8 {
    match googlenetc::build::write_if_changed(file, text) {
        Ok(changed) => {
            eprintln!("{} {}", if changed { "wrote" } else { "unchanged:" }, file.display());
            FINE
        }
        Err(error) => unwritten(file, &error),
    }
}

/// Says why a file could not be written.
fn unwritten(file: &Path, error: &io::Error) -> u8 {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let reason = match folder {
        Some(folder) => format!("there is no folder `{}`", folder.display()),
        None if file.is_dir() => "it is a folder".to_owned(),
        None => error.to_string(),
    };
    eprintln!("error: cannot write `{}`: {reason}", file.display());
    IO_FAILED
}

/// Writes a file whole in the place of the old one. A link stays a link.
pub(crate) fn replace(file: &Path, text: &str) -> u8 {
    let target = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if std::fs::metadata(&target).is_ok_and(|metadata| metadata.permissions().readonly()) {
        eprintln!("error: cannot write `{}`: the file is read-only", file.display());
        return IO_FAILED;
    }
    match googlenetc::build::write_if_changed(&target, text) {
        Ok(_) => FINE,
        Err(error) => unwritten(file, &error),
    }
}
