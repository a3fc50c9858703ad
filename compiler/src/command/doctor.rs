//! `googlenetc doctor`.

mod cargo;
mod elf;
mod libtorch;
mod linker;
mod loader;
mod program;

use std::path::{Path, PathBuf};

use anstream::eprintln;
use clap::ValueEnum;
use serde::Serialize;

use self::cargo::Surroundings;
use super::{FINE, IO_FAILED, WRONG_SPEC, closing, print};

/// Say what is wrong with the libtorch at hand, and what mends it
///
/// Looks at what cargo would use in this folder: which libtorch that is, whether it belongs to the tch of Cargo.lock, whether the libraries
/// that it needs can be found, whether the linker can link it, and what could hide it from a program that runs. Needs no
/// libtorch itself, and changes nothing.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc doctor                    look at the libtorch of this folder",
        "googlenetc doctor target/debug/net   and at a program that does not start",
    ],
    &["Exit codes: 0 nothing is wrong, 1 something is, 2 wrong usage, 3 input or output failed."],
))]
pub(crate) struct Arguments {
    /// Programs that do not start, such as target/debug/net: which of their libraries are not found, and why
    programs: Vec<PathBuf>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines to read
    Human,
    /// An array of objects: level, check, message, help
    Json,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Fine,
    Note,
    Error,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    /// What was looked at, in a word.
    check: &'static str,
    message: String,
    /// What mends it: commands, and when to use them.
    help: Vec<String>,
}

impl Finding {
    fn fine(check: &'static str, message: String) -> Self {
        Self { level: Level::Fine, check, message, help: Vec::new() }
    }

    fn note(check: &'static str, message: String) -> Self {
        Self { level: Level::Note, ..Self::fine(check, message) }
    }

    fn error(check: &'static str, message: String) -> Self {
        Self { level: Level::Error, ..Self::fine(check, message) }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// Looks at everything and prints what it finds.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let surroundings = match std::env::current_dir() {
        Ok(folder) => Surroundings::of(&folder),
        Err(error) => {
            eprintln!("error: cannot tell which folder this is: {error}");
            return IO_FAILED;
        }
    };
    let findings = findings(&surroundings, &arguments.programs);
    let printed = match arguments.format {
        Format::Human => print(&human(&findings)),
        Format::Json => match serde_json::to_string_pretty(&findings) {
            Ok(json) => print(&(json + "\n")),
            Err(error) => {
                eprintln!("error: cannot write JSON: {error}");
                IO_FAILED
            }
        },
    };
    let wrong = findings.iter().any(|finding| finding.level == Level::Error);
    printed.max(if wrong { WRONG_SPEC } else { FINE })
}

fn findings(surroundings: &Surroundings, programs: &[PathBuf]) -> Vec<Finding> {
    let mut findings = surroundings.problems();
    let (found, said) = libtorch::find(surroundings);
    findings.extend(said);
    let mut whole = true;
    if let Some(libtorch) = &found {
        findings.push(libtorch::version(surroundings, libtorch));
        let (said, can_load) = libtorch::libraries(surroundings, libtorch);
        findings.extend(said);
        whole = can_load;
        findings.extend(program::hidden(surroundings, &libtorch.lib));
    }
    findings.extend(linker::check(surroundings, whole));
    findings.extend(cargo::manifest(surroundings));
    findings.extend(programs.iter().flat_map(|program| program::check(surroundings, program)));
    findings
}

fn human(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = match finding.level {
            Level::Fine => "fine",
            Level::Note => "note",
            Level::Error => "error",
        };
        text += &format!("{level}: {}\n", finding.message);
        for help in &finding.help {
            text += &format!("  help: {help}\n");
        }
    }
    let count = findings.iter().filter(|finding| finding.level == Level::Error).count();
    text + &match count {
        0 => "nothing is wrong\n".to_owned(),
        1 => "1 problem\n".to_owned(),
        many => format!("{many} problems\n"),
    }
}

/// What a library is called that lies in `lib` of every libtorch.
const LIBRARY: &str = if cfg!(target_os = "macos") { "libtorch_cpu.dylib" } else { "libtorch_cpu.so" };

/// A path as people type it.
fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}
