//! `googlenetc fmt` as its users meet it, and on every spec of the repository.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use googlenetc_dsl::format::format;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::tree::Spec;
use googlenetc_dsl::{Syntax, parse};
use tempfile::TempDir;

const UNTIDY: &str = "# A small one.\nnetwork:   Net\ninput: 3x32x32   # small\n\n\n\nstem: {conv1: conv   3x3 8}\n\n\
                      heads: {main: {layers: [avgpool global, flatten, 'linear 10']}}\n";
const TIDY: &str = "# A small one.\nnetwork: Net\ninput: 3x32x32                   # small\n\nstem:\n  conv1: conv 3x3 8\n\n\
                    heads:\n  main: {layers: [avgpool global, flatten, linear 10]}\n";
const TEXT: &str = "# A small one.\nnetwork Net\ninput 3x32x32                    # small\n\nstem {\n  conv1: conv 3x3 8\n}\n\n\
                    head main { avgpool global; flatten; linear 10 }\n";
const WRONG: &str = "network: Net\ninput: 3x32x32\nstem:\n  conv1: conv 3x3 8,\n  - what\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("files can be written");
    }
    folder
}

fn run_with(folder: &TempDir, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
    command.arg("fmt").args(arguments).current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    child.stdin.take().expect("it was asked for").write_all(input.as_bytes()).expect("the command reads");
    child.wait_with_output().expect("the command ends")
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    run_with(folder, arguments, "")
}

fn text(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect("the file is there")
}

/// Asserts the exit code, what is on standard output, and a part of what is on standard error.
fn assert_output(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout);
    assert!(error.contains(stderr), "{stderr} is not in:\n{error}");
}

#[test]
fn files_are_formatted_in_place_and_once() {
    let folder = folder(&[("a.yaml", UNTIDY), ("b.gnet", TEXT)]);
    assert_output(&run(&folder, &["a.yaml", "b.gnet"]), 0, "", "formatted a.yaml\n");
    assert_eq!((text(&folder, "a.yaml"), text(&folder, "b.gnet")), (TIDY.to_owned(), TEXT.to_owned()));
    let again = run(&folder, &["a.yaml", "b.gnet"]);
    assert_output(&again, 0, "", "");
    assert_eq!(again.stderr, b"");
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 2);
}

#[test]
fn check_lists_what_would_change() {
    let folder = folder(&[("a.yaml", UNTIDY), ("b.yaml", TIDY), ("c.yaml", &TIDY.replace("8\n", "8  \n"))]);
    assert_output(&run(&folder, &["--check", "a.yaml", "b.yaml", "c.yaml"]), 1, "a.yaml\nc.yaml\n", "");
    assert_output(&run(&folder, &["--check", "b.yaml"]), 0, "", "");
    assert_eq!(text(&folder, "a.yaml"), UNTIDY);
}

#[test]
fn a_file_with_mistakes_is_left_alone_and_the_others_are_not() {
    let folder = folder(&[("a.yaml", WRONG), ("b.yaml", UNTIDY)]);
    assert_output(&run(&folder, &["a.yaml", "b.yaml"]), 1, "", "error[E0102]");
    assert_eq!((text(&folder, "a.yaml"), text(&folder, "b.yaml")), (WRONG.to_owned(), TIDY.to_owned()));
    assert_output(&run(&folder, &["--check", "a.yaml"]), 1, "", "a.yaml: left as it is");
    assert_output(&run(&folder, &["missing.yaml"]), 3, "", "there is no file `missing.yaml`");
}

#[test]
fn one_syntax_becomes_the_other() {
    let folder = folder(&[("net.yaml", UNTIDY), ("net.gnet", TEXT)]);
    assert_output(&run(&folder, &["net.yaml", "--to", "gnet"]), 0, TEXT, "");
    assert_output(&run(&folder, &["net.gnet", "--to", "yaml"]), 0, TIDY, "");
    assert_output(&run(&folder, &["net.yaml", "-o", "new.gnet"]), 0, "", "wrote new.gnet");
    assert_output(&run(&folder, &["net.yaml", "--to", "gnet", "-o", "other.txt"]), 0, "", "wrote other.txt");
    assert_output(&run(&folder, &["net.yaml", "-o", "-"]), 0, TIDY, "");
    assert_eq!((text(&folder, "new.gnet"), text(&folder, "other.txt")), (TEXT.to_owned(), TEXT.to_owned()));
    assert_eq!(text(&folder, "net.yaml"), UNTIDY);
    assert_output(&run(&folder, &["net.yaml", "net.gnet", "--to", "gnet"]), 2, "", "one spec at a time");
    assert_output(&run(&folder, &["net.yaml", "--to", "gnet", "--check"]), 2, "", "cannot be used with");
}

#[test]
fn standard_input_and_embedded_networks_go_to_standard_output() {
    let folder = folder(&[]);
    assert_output(&run_with(&folder, &["-"], UNTIDY), 0, TIDY, "");
    assert_output(&run_with(&folder, &["-", "--from", "gnet"], TEXT), 0, TEXT, "");
    assert_output(&run_with(&folder, &["-", "--from", "gnet", "--to", "yaml"], TEXT), 0, TIDY, "");
    assert_output(&run_with(&folder, &["-", "--check"], UNTIDY), 1, "<stdin>\n", "");
    let embedded = googlenetc_specs::network("googlenet").expect("it is embedded").text;
    assert_output(&run(&folder, &["googlenet"]), 0, embedded, "");
}

#[test]
fn line_ends_stay_and_a_byte_order_mark_goes() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let folder = folder(&[("a.yaml", &format!("\u{feff}{}", windows(UNTIDY)))]);
    assert_output(&run(&folder, &["a.yaml"]), 0, "", "formatted a.yaml");
    assert_eq!(text(&folder, "a.yaml"), windows(TIDY));
    assert_output(&run(&folder, &["--check", "a.yaml"]), 0, "", "");
}

#[test]
fn what_the_other_syntax_cannot_say_is_a_message() {
    let name = "network: \"Net # 1\"\ninput: 3x32x32\n";
    let folder = folder(&[("name.yaml", name)]);
    assert_output(&run(&folder, &["name.yaml", "-o", "name.gnet"]), 1, "", "error[E0118]: ");
    assert!(!folder.path().join("name.gnet").exists());
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("a.yaml", UNTIDY)]);
    let file = folder.path().join("a.yaml");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).expect("it is ours");
    std::os::unix::fs::symlink("a.yaml", folder.path().join("link.yaml")).expect("links can be made");
    assert_output(&run(&folder, &["link.yaml"]), 0, "", "formatted link.yaml");
    assert!(folder.path().join("link.yaml").is_symlink());
    assert_eq!(text(&folder, "a.yaml"), TIDY);
    assert_eq!(std::fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o640);
    std::fs::write(&file, UNTIDY).expect("it is ours");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o440)).expect("it is ours");
    assert_output(&run(&folder, &["a.yaml"]), 3, "", "read-only");
    assert_eq!(text(&folder, "a.yaml"), UNTIDY);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below these folders of the repository that are specs, by their names.
fn specs(folders: &[&str]) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).expect("it is there").flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "gnet") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The tree and the sorted comments of a text without mistakes in its syntax.
fn read(text: &str, syntax: Syntax) -> Option<(Spec, Vec<String>)> {
    let mut sources = Sources::new();
    let id = sources.add("spec", text);
    let parsed = parse(&sources, id, syntax);
    let mut comments: Vec<String> = parsed.comments.into_iter().map(|comment| comment.text).collect();
    comments.sort();
    parsed.spec.filter(|_| parsed.diagnostics.is_empty()).map(|spec| (spec, comments))
}

/// Wrong specs, with texts that the other syntax cannot say.
const INEXPRESSIBLE: [&str; 2] = ["empty_network_name.yaml", "name_that_text_cannot_hold.yaml"];

fn formatted(text: &str, from: Syntax, to: Syntax) -> String {
    let mut sources = Sources::new();
    let id = sources.add("spec", text);
    format(&sources, id, from, to).expect("what can be read can be formatted")
}

#[test]
fn every_spec_keeps_its_tree_and_its_comments_there_and_back() {
    let mut count = 0;
    for path in specs(&["specs", "tests/specs", "tests/ui", "examples", "docs", "dsl/tests/fixtures"]) {
        // A case of messages may be no text at all.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let syntax = Syntax::of_name(&path.to_string_lossy());
        let Some(said) = read(&text, syntax) else { continue };
        count += 1;
        let same = formatted(&text, syntax, syntax);
        assert_eq!(read(&same, syntax).as_ref(), Some(&said), "{}", path.display());
        assert_eq!(formatted(&same, syntax, syntax), same, "{}", path.display());
        let other = if syntax == Syntax::Yaml { Syntax::Text } else { Syntax::Yaml };
        if INEXPRESSIBLE.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        let there = formatted(&text, syntax, other);
        assert_eq!(formatted(&there, other, other), there, "{}", path.display());
        assert_eq!(read(&there, other).expect("it was written").1, said.1, "{}", path.display());
        let back = formatted(&there, other, syntax);
        assert_eq!(read(&back, syntax).as_ref(), Some(&said), "{}", path.display());
    }
    assert!(count >= 50, "only {count} specs were found");
}
#[test]
fn the_specs_of_the_repository_are_formatted() {
    let untidy = specs(&["specs", "tests/specs", "examples"]).into_iter().filter(|path| {
        let text = std::fs::read_to_string(path).expect("a spec is text");
        let syntax = Syntax::of_name(&path.to_string_lossy());
        // Data files, such as key layouts, are YAML and no specs.
        read(&text, syntax).is_some() && formatted(&text, syntax, syntax) != text
    });
    let untidy: Vec<PathBuf> = untidy.collect();
    assert!(untidy.is_empty(), "run `googlenetc fmt` on {untidy:#?}");
}
