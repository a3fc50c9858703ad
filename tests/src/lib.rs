//! What the tests over the whole of googlenetc share: where specs lie, and how they are compiled.

pub mod outside;
pub mod sized;

use std::path::{Path, PathBuf};

use googlenetc::{CheckedNetwork, Compilation};

/// The root of the workspace.
///
/// # Panics
///
/// When this crate does not lie in a folder of its own, which it does.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace")
}

/// Every spec of the project that is meant to be right, as paths below the workspace: of `specs`, of the examples, and
/// those made for tests. Sorted.
pub fn specs() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["specs", "tests/specs"] {
        collect(&workspace().join(folder), false, &mut found);
    }
    collect(&workspace().join("examples"), true, &mut found);
    let mut names: Vec<String> = found.iter().map(|path| below_workspace(path)).collect();
    names.sort();
    names
}

/// A text below the workspace.
///
/// # Panics
///
/// When it cannot be read.
pub fn text(name: &str) -> String {
    std::fs::read_to_string(workspace().join(name)).unwrap_or_else(|error| unreadable(name, &error))
}

/// Compiles a spec below the workspace.
pub fn compile(name: &str) -> Compilation {
    googlenetc::compile(name, &text(name))
}

/// The checked network of a spec below the workspace.
///
/// # Panics
///
/// When the spec is wrong.
pub fn network(name: &str) -> CheckedNetwork {
    let compilation = compile(name);
    let messages = compilation.render(false);
    compilation.network.unwrap_or_else(|| unreadable(name, &messages))
}

#[expect(clippy::panic, reason = "a test cannot go on without its spec")]
fn unreadable(name: &str, why: &dyn std::fmt::Display) -> ! {
    panic!("{name}: {why}")
}

/// What lies in folders below `specs` is no network: blocks, key layouts and the like.
fn collect(folder: &Path, recursive: bool, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| unreadable(&folder.display().to_string(), &error));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if recursive {
                collect(&path, recursive, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "gnet")
            && !path.ends_with("recipe.yaml")
        {
            found.push(path);
        }
    }
}

fn below_workspace(path: &Path) -> String {
    let relative = path.strip_prefix(workspace()).unwrap_or(path);
    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
