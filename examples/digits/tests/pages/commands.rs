//! Every line of every `sh` block of the pages, and every step of a `yaml workflow`, is run, from the first page to the last. Those of a
//! crate of the reader's own are run by walks.rs.
//!
//! Training and evaluating go through a few images, once, so that minutes become seconds; `data fetch` finds its data set there already,
//! and runtime/tests/fetch tests downloads. Scripts have to know their options: .ci/run calls those of README.md.

use crate::fences::{Fence, fences, root, text};
use crate::place::{DATA, Place};
use std::collections::BTreeSet;

/// Lines that another test holds, and that test.
const ELSEWHERE: [(&str, &str); 3] = [
    ("googlenetc man report | man -l -", "compiler/tests/man.rs"),
    ("man googlenetc-report", "compiler/tests/man.rs"),
    ("cargo test -p googlenetc-tests --test parity -- --nocapture", "tests/tests/parity.rs"),
];

/// Every different line is held once.
pub(crate) fn check(place: &Place) {
    recipes(place);
    let mut seen = BTreeSet::new();
    for fence in fences().iter().filter(|fence| matches!(fence.info.as_str(), "sh" | "yaml workflow")) {
        if crate::walks::is_of_a_crate(fence) {
            continue;
        }
        for line in lines(fence) {
            if seen.insert(line.clone()) {
                hold(place, &line, &fence.place());
            }
        }
    }
    assert!(seen.len() >= 25, "only {} lines were found", seen.len());
}

/// Every recipe is one. What it does with images need not fit this network; runtime/tests/steps.rs holds that.
fn recipes(place: &Place) {
    for fence in fences().iter().filter(|fence| fence.info == "yaml recipe") {
        crate::fixtures::write(place.path("page.yaml"), &fence.text);
        let line = "digits train --recipe page.yaml --set images=null --set normalise=null --print-recipe";
        run(place, line, &fence.place());
    }
}

/// The commands of a block, without comments.
pub(crate) fn lines(fence: &Fence) -> Vec<String> {
    let command = |line: &str| {
        let line = line.strip_prefix("- run: ").unwrap_or(line);
        line.split(" # ").next().unwrap_or_default().trim().to_owned()
    };
    fence.text.lines().map(command).filter(|line| !line.is_empty()).collect()
}

fn hold(place: &Place, line: &str, at: &str) {
    if let Some((_, test)) = ELSEWHERE.iter().find(|(known, _)| *known == line) {
        assert!(root().join(test).is_file(), "{at}: {test} held `{line}`");
    } else if line.starts_with("scripts/") {
        script(line, at);
    } else if let Some(package) = line.strip_prefix("cargo publish ") {
        assert!(text("scripts/test").contains(&format!("{package} ")), "{at}: scripts/test does not pack `{package}`");
    } else {
        run(place, &few(line), at);
    }
}

/// A script is there, may be run, and knows the options.
fn script(line: &str, at: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    let script = text(name);
    assert!(root().join(name).metadata().unwrap().permissions().mode() & 0o111 != 0, "{at}: {name} cannot be run");
    for option in words.filter(|word| word.starts_with('-')) {
        assert!(script.contains(option), "{at}: {name} does not know {option}");
    }
}

/// The line, going through few images, once.
fn few(line: &str) -> String {
    let has = |word: &str| line.split(' ').any(|other| other == word);
    let is_long = |program: &str| {
        line.strip_prefix(program).is_some_and(|rest| rest.starts_with(" train") || rest.starts_with(" evaluate"))
    };
    let is_on_digits = ["digits", "cargo run -p digits --"].into_iter().any(is_long);
    let data = if is_on_digits && !has("--data") { format!(" --data {DATA}") } else { String::new() };
    let epochs = if has("train") && !has("--epochs") && !has("--resume") { " --epochs 1" } else { "" };
    format!("{line}{data}{epochs}")
}

fn run(place: &Place, line: &str, at: &str) {
    let line = line.replace("/tmp/", "../work/");
    let output = place.command("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{at}: `{line}` says\n{}", String::from_utf8_lossy(&output.stderr));
}

/// What stands in the running text between backquotes and begins with `scripts/` is there too.
#[test]
fn scripts_that_pages_name_are_there() {
    let mut count = 0;
    for page in crate::fences::pages() {
        for named in text(&page).split('`').filter(|part| part.starts_with("scripts/") && !part.contains(['\n', '.'])) {
            // What a page writes in capitals stands for something.
            script(named, &page);
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} were found");
}
