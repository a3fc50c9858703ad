//! Crates outside of the workspace in both modes of generated code: the one that `googlenetc new` makes, with its build script, and
//! one that keeps the generated module, as docs/commands.md shows it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use googlenetc_tests::outside::{Outside, said};
use googlenetc_tests::{text, workspace};

/// What these crates are called, other than anything else that lies in the target folder.
const MADE: &str = "googlenetc-made-crate";
const KEPT: &str = "googlenetc-kept-code";

/// Cargo in the folder of a crate, with the workspace's profile, so that nothing is built once more.
fn cargo(outside: &Outside, folder: &str, arguments: &[&str]) -> Output {
    let profile = ["profile.dev.debug=\"line-tables-only\"", "profile.dev.package.\"*\".debug=false"];
    let profile = profile.iter().flat_map(|setting| ["--config", setting]);
    let arguments: Vec<&str> = arguments.iter().copied().chain(profile).collect();
    let mut command = outside.cargo(&arguments);
    command.current_dir(outside.path(folder)).env_remove("LD_LIBRARY_PATH").output().expect("cargo starts")
}

/// The command, built where the tests are.
fn googlenetc(outside: &Outside) -> PathBuf {
    let mut command = outside.cargo(&["build", "--quiet", "--package", "googlenetc"]);
    let output = command.current_dir(workspace()).output().expect("cargo starts");
    assert!(output.status.success(), "{}", said(&output));
    outside.target.join("debug/googlenetc")
}

fn lock(outside: &Outside, folder: &str) {
    std::fs::copy(workspace().join("Cargo.lock"), outside.path(folder).join("Cargo.lock")).expect("it can be copied");
}

/// Asserts that a program starts by itself and has the commands of the runtime.
fn it_starts(program: &Path) {
    let mut command = Command::new(program);
    let output = command.arg("--help").env_remove("LD_LIBRARY_PATH").output().expect("the program starts");
    assert!(output.status.success() && said(&output).contains("predict"), "{}", said(&output));
}

#[test]
fn the_crate_that_new_makes_passes_its_tests() {
    let outside = Outside::new();
    let mut command = Command::new(googlenetc(&outside));
    command.args(["new", MADE, "--from", "googlenet", "--path"]).arg(workspace()).current_dir(outside.folder());
    let made = command.output().expect("the command starts");
    assert!(made.status.success(), "{}", said(&made));
    lock(&outside, MADE);

    let tested = cargo(&outside, MADE, &["test", "--quiet"]);
    assert!(tested.status.success(), "{}", said(&tested));
    assert!(said(&tested).contains("test result: ok. 2 passed"), "{}", said(&tested));
    assert!(!said(&tested).contains("warning"), "{}", said(&tested));
    let built = cargo(&outside, MADE, &["build", "--quiet"]);
    assert_eq!(said(&built), "", "not even a warning");
    it_starts(&outside.target.join("debug").join(MADE));
    cargo(&outside, MADE, &["clean", "--quiet", "--package", MADE]);
}

/// The code that docs/commands.md shows under this first line.
fn shown(first_line: &str) -> String {
    let page = text("docs/commands.md");
    let fence = page.split("```rust\n").skip(1).find(|rest| rest.starts_with(first_line)).expect("the page shows it");
    fence.split("```").next().expect("a fence has an end").to_owned()
}

#[test]
fn a_crate_can_keep_its_generated_code() {
    let outside = Outside::new();
    let manifest = format!(
        "[package]\nname = \"{KEPT}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         googlenetc-runtime = {{ path = '{}' }}\n\n[profile.dev]\nopt-level = 1\n",
        workspace().join("runtime").display()
    );
    outside.write("Cargo.toml", &manifest);
    outside.write("build.rs", &shown("// build.rs"));
    outside.write("src/main.rs", &shown("// src/main.rs"));
    let mut command = Command::new(googlenetc(&outside));
    command.args(["build", "googlenet", "-o", "src/net.rs"]).current_dir(outside.folder());
    assert!(command.output().expect("the command starts").status.success());
    let checked = command.arg("--check").output().expect("the command starts");
    assert!(checked.status.success(), "{}", said(&checked));

    let built = cargo(&outside, "", &["build", "--quiet"]);
    assert!(built.status.success(), "{}", said(&built));
    assert_eq!(said(&built), "", "not even a warning");
    it_starts(&outside.target.join("debug").join(KEPT));
    cargo(&outside, "", &["clean", "--quiet", "--package", KEPT]);
}
