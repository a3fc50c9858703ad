//! A crate outside of the workspace that keeps the generated module, as docs/commands.md shows it. One with a build script is
//! `downstream.rs`, and those that `googlenetc new` makes are in `examples/digits/tests/pages/walks.rs`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use googlenetc_tests::outside::{Outside, said};
use googlenetc_tests::{text, workspace};

/// What the crate is called, other than anything else that lies in the target folder.
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

/// Asserts that a program starts by itself and has the commands of the runtime.
fn it_starts(program: &Path) {
    let mut command = Command::new(program);
    let output = command.arg("--help").env_remove("LD_LIBRARY_PATH").output().expect("the program starts");
    assert!(output.status.success() && said(&output).contains("predict"), "{}", said(&output));
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
