//! `googlenetc build`: the same bytes everywhere, and `--check`.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files and fail by panicking")]

mod common;

use std::fs;
use std::path::Path;

use common::{RIGHT, assert_exit, command, folder, run, stderr, stdout, wrong};

const BUILD: [&str; 4] = ["build", "net.yaml", "-o", "net.rs"];
const CHECK: [&str; 5] = ["build", "net.yaml", "-o", "net.rs", "--check"];

#[test]
fn what_was_just_built_is_up_to_date() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    assert_exit(&run(&folder, &BUILD), 0, "wrote net.rs");
    let output = run(&folder, &CHECK);
    assert_exit(&output, 0, "net.rs is up to date");
    assert_eq!(stdout(&output), "");
}

#[test]
fn every_way_of_being_stale_is_told_and_mended_by_what_is_said() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    assert_exit(&run(&folder, &BUILD), 0, "wrote");
    let file = folder.path().join("net.rs");
    let fresh = fs::read_to_string(&file).unwrap();
    let (version, hash) = (env!("CARGO_PKG_VERSION"), &fresh[fresh.find("BLAKE3 ").unwrap() + 7..][..16]);
    let other = "0000000000000000";
    for (stale, reason) in [
        (fresh.replacen(version, "0.0.1", 1), format!("googlenetc 0.0.1 generated it, and this is {version}")),
        (fresh.replacen(hash, other, 1), format!("its hash was {other}, and is {hash}")),
        (fresh.replacen("net.yaml", "old.yaml", 1), "it was generated from old.yaml, and not from net.yaml".into()),
        (fresh.replacen("conv1", "conv2", 1), "it was changed after it was generated, first in line ".into()),
        (fresh.replace('\n', "\r\n"), "its lines end in CRLF".into()),
        ("fn main() {}\n".into(), "googlenetc did not generate it".into()),
        (String::new(), "googlenetc did not generate it".into()),
    ] {
        fs::write(&file, &stale).unwrap();
        let output = run(&folder, &CHECK);
        assert_exit(&output, 1, "error: net.rs is stale");
        assert!(stderr(&output).contains(&reason), "{reason} is not in:\n{}", stderr(&output));
        assert!(stderr(&output).ends_with("to make it new, run: googlenetc build net.yaml -o net.rs\n"));
        assert_eq!(fs::read_to_string(&file).unwrap(), stale, "nothing is written");
        assert_exit(&run(&folder, &BUILD), 0, "wrote");
        assert_exit(&run(&folder, &CHECK), 0, "up to date");
    }
}

#[test]
fn an_edited_spec_makes_its_code_stale() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    run(&folder, &BUILD);
    fs::write(folder.path().join("net.yaml"), RIGHT.replace("classes: 10", "classes: 11")).unwrap();
    assert_exit(&run(&folder, &CHECK), 1, "what it was generated from has changed");
    fs::write(folder.path().join("net.yaml"), wrong()).unwrap();
    let output = run(&folder, &CHECK);
    assert_exit(&output, 1, "error[E0301]");
    assert!(!stderr(&output).contains("stale"), "{}", stderr(&output));
}

#[test]
fn settings_belong_to_what_is_checked() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    let set = ["--set", "network=It is", "--input", "1x16x16"];
    // The spec asserts something about its own input alone.
    assert_exit(&run(&folder, &[&BUILD[..], &set].concat()), 0, "wrote");
    assert_exit(&run(&folder, &[&CHECK[..], &set].concat()), 0, "up to date");
    assert_exit(
        &run(&folder, &CHECK),
        1,
        "it was generated from net.yaml with network=It is, input=1x16x16, and not from net.yaml",
    );
    run(&folder, &BUILD);
    let again = "run: googlenetc build net.yaml -o net.rs --set 'network=It is' --input 1x16x16\n";
    assert_exit(&run(&folder, &[&CHECK[..], &set].concat()), 1, again);
}

#[test]
fn what_is_not_there_is_stale_and_what_cannot_be_read_is_not() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    assert_exit(
        &run(&folder, &CHECK),
        1,
        "there is no net.rs\nto make it new, run: googlenetc build net.yaml -o net.rs",
    );
    assert!(!folder.path().join("net.rs").exists());
    fs::create_dir(folder.path().join("net.rs")).unwrap();
    assert_exit(&run(&folder, &CHECK), 3, "cannot read `net.rs`");
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "-", "--check"]), 2, "--output FILE");
}

/// Code of a spec with a library, built in a folder of its own with these variables.
fn built(spec: &str, library: &str, below: &str, variables: &[(&str, &str)]) -> Vec<u8> {
    let folder = folder(&[]);
    let place = folder.path().join(below);
    fs::create_dir_all(place.join("blocks")).unwrap();
    fs::write(place.join("net.yaml"), spec).unwrap();
    fs::write(place.join("blocks/small.yaml"), library).unwrap();
    let spec = Path::new(below).join("net.yaml");
    let mut command = command(&folder, &["build", &spec.to_string_lossy(), "-o", "net.rs", "--allow", "all"]);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert_exit(&output, 0, "wrote net.rs");
    fs::read(folder.path().join("net.rs")).unwrap()
}

#[test]
fn the_same_spec_gives_the_same_bytes_wherever_and_however_it_is_built() {
    let library =
        "blocks:\n  small:\n    parameters: [n]\n    layers:\n      - conv: conv 3x3 $n # three\n      - relu\n";
    let spec = "use: ./blocks/small.yaml\n".to_owned()
        + &RIGHT.replace("stem:", "body:").replace("  conv1: conv 3x3 8", "  - conv1: conv 3x3 8 activation=relu");
    let spec = spec.replace("-> 8x32x32\n", "-> 8x32x32\n  - two: small 8\n");
    let one = built(&spec, library, ".", &[]);
    assert!(String::from_utf8_lossy(&one).contains("struct Small"));
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = elsewhere.path().to_str().unwrap();
    let variables = [
        ("HOME", elsewhere),
        ("TMPDIR", elsewhere),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("TZ", "Asia/Tokyo"),
        ("COLUMNS", "20"),
    ];
    assert_eq!(built(&spec, library, "a/b c", &variables), one);
    // Another checkout of the same files, as on Windows.
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(built(&crlf(&spec), &crlf(library), ".", &[]), one);
    assert_ne!(built(&spec, &library.replace("three", "3"), ".", &[]), one, "the hash is of every byte that counts");
}

#[test]
fn every_embedded_network_gives_the_same_bytes_from_lines_that_end_otherwise() {
    for network in googlenetc_specs::NETWORKS {
        let code = |text: &str| googlenetc::compile(network.file, text).rust().unwrap();
        assert!(code(network.text) == code(&network.text.replace('\n', "\r\n")), "{}", network.name);
    }
}
