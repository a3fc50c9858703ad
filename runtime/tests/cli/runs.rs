//! `runs`.

use super::tiny::{assert_fails, tiny};
use std::path::Path;

pub(crate) fn runs_are_looked_at(folder: &Path) {
    let compare = tiny(folder, "runs compare runs/tiny-1 source --html both.html");
    assert_eq!((compare.code, compare.err.as_str()), (Some(0), ""));
    for words in [vec!["tiny-1", "source"], vec!["batch_size", "10", "40"], vec!["epochs", "4", "2"]] {
        let found = compare.out.lines().any(|line| line.split_whitespace().eq(words.iter().copied()));
        assert!(found, "{words:?}: {}", compare.out);
    }
    assert!(std::fs::read_to_string(folder.join("both.html")).unwrap().contains(">tiny-1</text>"));
    assert_fails(folder, "runs compare source", 2, "values required");
    assert_fails(folder, "runs compare source nowhere", 3, "nowhere");
    std::fs::remove_file(folder.join("source/curves.png")).unwrap();
    assert_eq!(tiny(folder, "runs report source").code, Some(0));
    assert!(folder.join("source/curves.png").exists());
}
