//! The pages, and what stands on them between fences.

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// What stands between two fences.
pub(crate) struct Fence {
    pub(crate) page: String,
    /// That of the first fence, from 1.
    pub(crate) line: usize,
    /// What stands behind the first fence.
    pub(crate) info: String,
    pub(crate) text: String,
}

impl Fence {
    /// Where it is, for messages.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A text of the repository.
pub(crate) fn text(name: &str) -> String {
    read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// README.md, and then the pages of docs/ and of the examples, from the root.
pub(crate) fn pages() -> Vec<String> {
    let names = |folder: &str| {
        let entries = read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| format!("{folder}/{}", name.to_str().unwrap())).collect();
        names.sort();
        names
    };
    let docs = names("docs").into_iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "md"));
    let examples = names("examples").into_iter().map(|folder| folder + "/README.md");
    std::iter::once("README.md".to_owned()).chain(docs).chain(examples).collect()
}

/// All fences of all pages.
pub(crate) fn fences() -> Vec<Fence> {
    pages().iter().flat_map(|page| of(page)).collect()
}

/// The fences of a page.
pub(crate) fn of(page: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in text(page).lines().enumerate() {
        assert!(
            !line.starts_with(' ') || !line.trim_start().starts_with("```"),
            "{page} has an indented fence: {line}"
        );
        match (line.strip_prefix("```"), open.take()) {
            (Some(info), None) => {
                let (page, info) = (page.to_owned(), info.to_owned());
                open = Some(Fence { page, line: number + 1, info, text: String::new() });
            }
            (Some(_), Some(fence)) => fences.push(fence),
            (None, Some(fence)) => open = Some(Fence { text: fence.text + line + "\n", ..fence }),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page} ends within a fence");
    fences
}
