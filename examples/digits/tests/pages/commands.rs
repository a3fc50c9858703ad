//! Every line of every `sh` block of the pages, and every step of a `yaml workflow`.
//!
//! Those of the program `digits` are run, from the first page to the last, but for
//! - `train`, which takes minutes: `--print-recipe` stands behind it, which reads options and recipe and trains nothing;
//! - `data fetch`, which downloads: `--help` stands behind it, before which all that stands before it must be right. Downloads are
//!   tested in runtime/tests/fetch.
//!
//! Those of the other examples' programs are read by `digits` in the same way, because the commands of all programs are the same; the
//! tests of these examples run them. So are those of a crate of the reader's own, `cargo run -- ...`. Options of scripts stand in the
//! scripts, and those of `googlenetc` in its `--help`, which docs/commands.md shows and compiler/tests/docs.rs holds.

use crate::fences::{Fence, fences, root, text};
use crate::place::Place;
use std::collections::BTreeSet;

/// Lines that another test holds, and that test.
const ELSEWHERE: [(&str, &str); 5] = [
    ("man googlenetc-report", "compiler/tests/man.rs"),
    ("cd flowers", "tests/tests/new_crate.rs"),
    ("cargo test", "tests/tests/new_crate.rs"),
    ("cargo run -- --help", "tests/tests/new_crate.rs"),
    ("cargo test -p googlenetc-tests --test parity -- --nocapture", "tests/tests/parity.rs"),
];

/// Every different line is held once.
pub(crate) fn check(place: &Place) {
    recipes(place);
    let mut seen = BTreeSet::new();
    for fence in fences().iter().filter(|fence| matches!(fence.info.as_str(), "sh" | "yaml workflow")) {
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
fn lines(fence: &Fence) -> Vec<String> {
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
    } else if let Some(arguments) = line.strip_prefix("googlenetc ") {
        compiler(arguments, at);
    } else if let Some(folder) = line.strip_prefix("cargo install --path ") {
        assert!(root().join(folder).join("src/main.rs").is_file(), "{at}: no program in {folder}");
    } else if let Some(package) = line.strip_prefix("cargo publish ") {
        assert!(text("scripts/test").contains(&format!("{package} ")), "{at}: scripts/test does not pack `{package}`");
    } else if let Some(folder) = line.strip_prefix("cd ") {
        assert!(text(page_of(at)).contains(&format!("googlenetc new {folder} ")), "{at}: what makes {folder}?");
    } else if let Some(files) = line.strip_prefix("cp ") {
        let file = files.split(' ').next().unwrap_or_default();
        assert!(root().join(file.trim_start_matches("../googlenetc/")).is_file(), "{at}: there is no {file}");
    } else if let Some(arguments) = line.strip_prefix("cargo run -p ") {
        let (package, arguments) =
            arguments.split_once(" -- ").unwrap_or_else(|| panic!("{at}: no ` -- ` in `{line}`"));
        is_there(package, at);
        run(place, &format!("digits {}", shortened(arguments, package == "digits")), at);
    } else if let Some(arguments) = line.strip_prefix("cargo run -- ") {
        run(place, &format!("digits {}", shortened(arguments, false)), at);
    } else if let Some(arguments) = line.strip_prefix("digits ") {
        run(place, &format!("digits {}", shortened(arguments, true)), at);
    } else if line.contains("| digits ") {
        run(place, line, at);
    } else {
        panic!("{at}: nothing tests `{line}`; say in examples/digits/tests/pages/commands.rs what does");
    }
}

/// The page of a place.
fn page_of(at: &str) -> &str {
    at.split(':').next().unwrap_or_default()
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

/// The command is there, and its help has the options.
fn compiler(arguments: &str, at: &str) {
    let command = arguments.split(' ').next().unwrap_or_default();
    let page = text("docs/commands.md");
    let help = page.split_once(&format!("\n$ googlenetc {command} --help\n"));
    let (_, help) = help.unwrap_or_else(|| panic!("{at}: no help of `{command}`"));
    let help = help.split("\n```").next().unwrap_or_default();
    for option in arguments.split(' ').filter(|word| word.starts_with("--")) {
        assert!(help.contains(option), "{at}: `{command}` does not know {option}");
    }
}

/// The package is an example, and has the program.
fn is_there(package: &str, at: &str) {
    let (package, program) = package.split_once(" --bin ").unwrap_or((package, ""));
    let folder = root().join("examples").join(package);
    assert!(folder.join("Cargo.toml").is_file(), "{at}: no example {package}");
    assert!(
        program.is_empty() || folder.join("src/bin").join(program).with_extension("rs").is_file(),
        "{at}: {program}"
    );
}

/// Arguments with which no data set is downloaded and nothing is trained.
fn shortened(arguments: &str, is_own: bool) -> String {
    let more = if arguments.starts_with("train") && is_own {
        " --print-recipe"
    } else if arguments.starts_with("train") {
        // What another network does with images need not fit this one.
        " --set images=null --set normalise=null --print-recipe"
    } else if !is_own || arguments.starts_with("data fetch") {
        " --help"
    } else {
        ""
    };
    format!("{arguments}{more}")
}

fn run(place: &Place, line: &str, at: &str) {
    let output = place.command("sh").args(["-c", line]).output().unwrap();
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
