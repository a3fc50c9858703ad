//! `check --fix`: what is written, what is not, and what is said about it.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

mod common;

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use common::{RIGHT, assert_exit, command, folder, run, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

/// One letter too many, which nobody can have meant otherwise.
fn misspelt(spec: &str) -> String {
    let misspelt = spec.replace("conv 3x3 8", "conv 3x3 8 biass");
    assert_ne!(misspelt, spec);
    misspelt
}

fn mended(spec: &str) -> String {
    misspelt(spec).replace("biass", "bias")
}

fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect("it is there")
}

fn modified(file: &Path) -> std::time::SystemTime {
    file.metadata().and_then(|data| data.modified()).expect("it is there")
}

#[test]
fn what_is_safe_is_mended_and_the_rest_is_reported() {
    let spec = misspelt(RIGHT).replace("classes: 10", "# größer\nclasses: 10.0").replace("-> 8x32x32", "-> 9x32x32");
    let folder = folder(&[("net.yaml", &spec)]);
    let output = run(&folder, &["check", "--fix", "net.yaml"]);
    assert_exit(&output, 1, "fixed 2 of 3 messages in net.yaml\n");
    assert!(stderr(&output).contains("\nnet.yaml: 1 error\n") && stderr(&output).contains("asserted 9x32x32"));
    assert_eq!(stderr(&output).matches("error[").count(), 1, "{}", stderr(&output));
    let text = read(&folder, "net.yaml");
    assert_eq!(text, spec.replace("biass", "bias").replace("10.0", "10"));

    let time = modified(&folder.path().join("net.yaml"));
    let output = run(&folder, &["check", "--fix", "net.yaml"]);
    assert_exit(&output, 1, "net.yaml: 1 error");
    assert!(!stderr(&output).contains("fixed"), "nothing is left that is safe");
    assert_eq!((read(&folder, "net.yaml"), modified(&folder.path().join("net.yaml"))), (text, time));
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let spec = format!("\u{feff}{}", misspelt(RIGHT).replace('\n', "\r\n"));
    let folder = folder(&[("net.yaml", &spec)]);
    assert_exit(
        &run(&folder, &["check", "--fix", "net.yaml"]),
        0,
        "fixed 1 of 1 message in net.yaml\nnet.yaml: Net is fine",
    );
    assert_eq!(read(&folder, "net.yaml"), spec.replace("biass", "bias"));
}

#[test]
fn libraries_of_the_user_are_mended_too() {
    let spec = misspelt(&RIGHT.replace("stem:\n", "use: blocks/pair.gnet\nstem:\n  pair: pair 8\n"));
    let folder = folder(&[("net.yaml", &spec)]);
    std::fs::create_dir(folder.path().join("blocks")).expect("folders can be made");
    let library = "block pair(n) { conv 1x1 $n biass activation=relu; conv 1x1 $n activation=relu }\n";
    std::fs::write(folder.path().join("blocks/pair.gnet"), library).expect("files can be written");
    let said = "fixed 2 of 2 messages in blocks/pair.gnet and net.yaml\nnet.yaml: Net is fine";
    assert_exit(&run(&folder, &["check", "--fix", "net.yaml"]), 0, said);
    assert_eq!(read(&folder, "blocks/pair.gnet"), library.replace("biass", "bias"));
    assert_eq!(read(&folder, "net.yaml"), spec.replace("biass", "bias"));
}

#[test]
fn standard_input_is_printed() {
    for (text, expected, said) in [
        (misspelt(RIGHT), mended(RIGHT), "fixed 1 of 1 message in <stdin>\n<stdin>: Net is fine"),
        (RIGHT.to_owned(), RIGHT.to_owned(), "<stdin>: Net is fine"),
    ] {
        let empty = folder(&[]);
        let mut command = command(&empty, &["check", "--fix", "-"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert_exit(&output, 0, said);
        assert_eq!(stdout(&output), expected);
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_file_stays_and_a_link_stays_a_link() {
    let spec = misspelt(RIGHT);
    let folder = folder(&[("net.yaml", &spec), ("locked.yaml", &spec)]);
    let locked = folder.path().join("locked.yaml");
    let mut permissions = locked.metadata().expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).expect("they can be set");
    assert_exit(
        &run(&folder, &["check", "--fix", "locked.yaml"]),
        3,
        "cannot write `locked.yaml`: the file is read-only",
    );
    assert_eq!(read(&folder, "locked.yaml"), spec);

    std::os::unix::fs::symlink("net.yaml", folder.path().join("link.yaml")).expect("links can be made");
    assert_exit(&run(&folder, &["check", "--fix", "link.yaml"]), 0, "fixed 1 of 1 message in link.yaml");
    assert!(folder.path().join("link.yaml").is_symlink());
    assert_eq!(read(&folder, "net.yaml"), mended(RIGHT));
}

/// A case is a wrong spec of the messages' own tests. What is reported of it after `--fix` is what is written.
#[test]
fn no_case_is_made_worse() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
    let folder = folder(&[]);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(cases).expect("there are cases").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Networks that multiply until they are refused take their time.
        if entry.path().is_file() && !name.contains("multiply") {
            std::fs::copy(entry.path(), folder.path().join(&name)).expect("files can be copied");
            files.push(name);
        }
    }
    assert!(files.len() > 100);
    let before = errors(&folder, &files, &[]);
    let fixed = errors(&folder, &files, &["--fix"]);
    assert_eq!(fixed, errors(&folder, &files, &[]));
    let pairs = files.iter().zip(before.iter().zip(&fixed));
    for (file, (before, after)) in pairs.clone() {
        assert!(after <= before, "{file}: {before} errors became {after}");
    }
    let better = pairs.filter(|(_, (before, after))| after < before).count();
    assert!(better >= 10, "only {better} cases are better for it");
}

/// How many errors every file has.
fn errors(folder: &TempDir, files: &[String], options: &[&str]) -> Vec<u64> {
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(options);
    arguments.extend(files.iter().map(String::as_str));
    let output = stdout(&run(folder, &arguments));
    let lines = output.lines().map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"));
    let verdicts = lines.filter(|line| line["type"] == "verdict");
    let errors: Vec<u64> = verdicts.map(|line| line["errors"].as_u64().expect("a number")).collect();
    assert_eq!(errors.len(), files.len());
    errors
}
