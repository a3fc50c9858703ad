//! What stands between a program and its libtorch when it starts.

use std::path::{Path, PathBuf};

use super::cargo::Surroundings;
use super::elf::dynamic;
use super::loader::Loader;
use super::{Finding, LIBRARY, shown};

/// Whether `LD_LIBRARY_PATH` has another libtorch, which wins over the one that programs are built for.
pub(super) fn hidden(surroundings: &Surroundings, lib: &Path) -> Option<Finding> {
    let path = surroundings.environment("LD_LIBRARY_PATH")?;
    let same = |folder: &Path| std::fs::canonicalize(folder).ok() == std::fs::canonicalize(lib).ok();
    let others = |folder: &&str| Path::new(folder).join(LIBRARY).exists() && !same(Path::new(folder));
    let other: Vec<&str> = path.split(':').filter(others).collect();
    let first = other.first()?;
    let rest: Vec<&str> = path.split(':').filter(|folder| !folder.is_empty() && !other.contains(folder)).collect();
    let message =
        format!("LD_LIBRARY_PATH has another libtorch, `{first}`, which programs load instead of {}", shown(lib));
    let mend = if rest.is_empty() {
        "unset LD_LIBRARY_PATH".to_owned()
    } else {
        format!("export LD_LIBRARY_PATH={}", rest.join(":"))
    };
    Some(Finding::error("ld-library-path", message).help(mend))
}

/// Why a program does not start.
pub(super) fn check(surroundings: &Surroundings, program: &Path) -> Vec<Finding> {
    let (Some(said), loader) =
        (dynamic(program), Loader::new(surroundings.environment("LD_LIBRARY_PATH").unwrap_or_default()))
    else {
        let why = if program.exists() { "is no program for Linux" } else { "is not there" };
        return vec![Finding::error("program", format!("{} {why}", shown(program)))];
    };
    let missing = loader.missing(program).unwrap_or_default();
    if missing.is_empty() {
        return vec![Finding::fine("program", format!("{} finds all its libraries", shown(program)))];
    }
    let of_torch = |library: &str| library.starts_with("libtorch") || library.starts_with("libc10");
    let gone = |folder: &&String| folder.starts_with('/') && !Path::new(folder).exists();
    let places: Vec<&String> = said.runpath.iter().chain(&said.rpath).collect();
    let mut findings = Vec::new();
    for missing in missing {
        let message = format!("{} needs {}, which is not found", shown(&missing.by), missing.library);
        let direct = missing.by == program && of_torch(&missing.library);
        findings.push(match places.iter().copied().find(gone) {
            Some(place) if direct => {
                let message = format!("{message}: it looks in `{place}`, which is not there any more");
                Finding::error("moved", message).help("build it again, with LIBTORCH naming a libtorch that is there: touch build.rs && cargo build")
            }
            None if direct => {
                let message = format!("{message}: nothing tells it where libtorch is");
                let finding = Finding::error("run-path", message)
                    .help("its crate needs googlenetc-runtime among [dependencies], and a build script that calls googlenetc::build::compile");
                match lib(surroundings) {
                    Some(lib) => finding.help(format!("or, for now: export LD_LIBRARY_PATH={}", lib.display())),
                    None => finding,
                }
            }
            _ => Finding::error("library", message).help("install what brings it; `googlenetc doctor` alone looks at libtorch"),
        });
    }
    findings
}

/// Where libtorch's libraries are, if there is one.
fn lib(surroundings: &Surroundings) -> Option<PathBuf> {
    super::libtorch::find(surroundings).0.map(|libtorch| libtorch.lib)
}
