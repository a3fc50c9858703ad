//! Files of this repository, and those of them that are made from the code.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn text(file: &str) -> String {
    read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Compares a file with what it is made from, or renews it; `test` is the program that does so.
pub(crate) fn fresh(file: &str, made: &str, test: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let found = read_to_string(&path).unwrap_or_default();
    assert!(found == made, "{file} is stale. To renew it: UPDATE=1 cargo test -p googlenetc --test {test}");
}
