//! Levels of lints as users set them, and published tables in files.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the command and write files")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// The aux head's reshape makes four vectors of each sample.
const MIXING: &str = "network: Net\ninput: 3x32x32\nclasses: 10\nstem: {conv1: conv 3x3/2 8, pool: maxpool 2x2}\n\
                      heads:\n  main: {layers: [avgpool global, flatten, linear $classes]}\n  \
                      aux: {when: training, layers: [reshape 128, linear $classes]}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_googlenetc")).args(arguments).current_dir(folder.path()).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Exit code, and how often `error[W0401]` and `warning[W0401]` are said.
fn verdict(output: &Output) -> (Option<i32>, usize, usize) {
    let text = stderr(output);
    (output.status.code(), text.matches("error[W0401]").count(), text.matches("warning[W0401]").count())
}

#[test]
fn the_command_line_wins_over_the_spec_and_later_over_earlier() {
    let allowed = format!("lints: {{sample-mixing: allow}}\n{MIXING}");
    let denied = format!("lints: {{W0401: deny}}\n{MIXING}");
    let folder = folder(&[("mixing.yaml", MIXING), ("allowed.yaml", &allowed), ("denied.yaml", &denied)]);
    for (arguments, expected) in [
        (&["mixing.yaml"][..], (Some(0), 0, 1)),
        (&["allowed.yaml"], (Some(0), 0, 0)),
        (&["denied.yaml"], (Some(1), 1, 0)),
        (&["allowed.yaml", "--warn", "W0401"], (Some(0), 0, 1)),
        (&["denied.yaml", "--warn", "all"], (Some(0), 0, 1)),
        (&["denied.yaml", "--allow", "sample-mixing"], (Some(0), 0, 0)),
        (&["mixing.yaml", "--deny", "all", "--allow", "sample-mixing"], (Some(0), 0, 0)),
        (&["mixing.yaml", "--allow", "sample-mixing", "--deny", "all"], (Some(1), 1, 0)),
        (&["mixing.yaml", "--allow=all", "--warn=all"], (Some(0), 0, 1)),
    ] {
        let output = run(&folder, &[&["check"], arguments].concat());
        assert_eq!(verdict(&output), expected, "{arguments:?}\n{}", stderr(&output));
    }
}

#[test]
fn a_denied_lint_is_an_error_for_every_command() {
    let folder = folder(&[("mixing.yaml", MIXING)]);
    for arguments in [
        &["report", "mixing.yaml"][..],
        &["build", "mixing.yaml", "-o", "net.rs"],
        &["diagram", "mixing.yaml"],
        &["diff", "mixing.yaml", "mixing.yaml"],
    ] {
        let output = run(&folder, &[arguments, &["--deny", "sample-mixing"]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&output).contains("`deny sample-mixing`, given beside the spec"), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    assert!(!folder.path().join("net.rs").exists());
}

#[test]
fn a_lint_that_there_is_not_is_wrong_usage() {
    let folder = folder(&[("mixing.yaml", MIXING)]);
    for (word, said) in [
        ("sample-mixin", "did you mean `sample-mixing`?"),
        ("W0410x", "no lint has this name"),
        ("E0301", "`E0301` is an error, whose level cannot be changed"),
    ] {
        let output = run(&folder, &["check", "mixing.yaml", "--allow", word]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn build_scripts_set_levels_too() {
    let folder = folder(&[("mixing.yaml", MIXING)]);
    let spec = folder.path().join("mixing.yaml").to_string_lossy().into_owned();
    let report = |options: googlenetc::build::Options| options.report(&spec).map_err(|error| error.to_string());
    let new = googlenetc::build::Options::new;
    assert!(report(new()).is_ok());
    assert!(report(new().deny("all")).unwrap_err().contains("error[W0401]"));
    assert!(report(new().deny("all").allow("sample-mixing")).is_ok());
    assert!(report(new().allow("all").deny("W0401").warn("W0401")).is_ok());
    assert!(report(new().warn("sample-mixin")).unwrap_err().contains("did you mean `sample-mixing`?"));
}

#[test]
fn a_published_table_is_found_beside_the_spec_that_names_it() {
    let table =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/published/szegedy2015.yaml"));
    let named = format!("published: ../tables/mine.yaml\n{MIXING}");
    let folder = folder(&[("specs/net.yaml", &named), ("tables/mine.yaml", &table.unwrap())]);
    let spec = folder.path().join("specs/net.yaml").to_string_lossy().into_owned();
    let compiled = googlenetc::input::compile(&spec, &googlenetc::Options::default()).unwrap();
    assert!(compiled.compilation.network.is_some(), "{}", compiled.compilation.render(false));
    let depends_on: Vec<&str> = compiled.files.iter().map(String::as_str).collect();
    let table = folder.path().join("tables/mine.yaml");
    assert_eq!(depends_on, [spec.as_str(), &*table.to_string_lossy()]);
    std::fs::remove_file(&table).unwrap();
    let output = run(&folder, &["check", "specs/net.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error[E0213]"), "{}", stderr(&output));
}
