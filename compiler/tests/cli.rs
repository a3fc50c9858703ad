//! The command as its users meet it: exit codes, what goes where, files written only when they change.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{RIGHT, assert_exit, command, folder, run, stderr, stdout, wrong};
use serde_json::Value;

fn googlenet() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/googlenet.yaml")
}

#[test]
fn a_right_spec_exits_with_0() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    let output = run(&folder, &["check", "net.yaml"]);
    assert_exit(&output, 0, "net.yaml: Net is fine");
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_wrong_spec_exits_with_1_and_writes_nothing() {
    let wrong = wrong();
    let folder = folder(&[("net.yaml", &wrong)]);
    assert_exit(&run(&folder, &["check", "net.yaml"]), 1, "error[E0301]");
    assert_exit(&run(&folder, &["report", "net.yaml"]), 1, "error[E0301]");
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "net.rs"]), 1, "--> net.yaml:5:");
    assert!(!folder.path().join("net.rs").exists());
}

#[test]
fn a_wrong_number_in_row_4b_exits_with_1() {
    let spec = std::fs::read_to_string(googlenet()).unwrap();
    let row = spec.lines().find(|line| line.trim_start().starts_with("4b:")).unwrap();
    let folder = folder(&[("googlenet.yaml", &spec.replace(row, &row.replace("160", "161")))]);
    let output = run(&folder, &["check", "googlenet.yaml"]);
    assert_exit(&output, 1, "161 + 224 + 64 + 64 = 513");
    assert_eq!(stderr(&output).matches("error[").count(), 1);
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    for arguments in [
        &["chekc"][..],
        &["check"],
        &["report", "net.yaml", "--format", "xml"],
        &["build", "net.yaml"],
        &["check", "--frobnicate"],
        &[],
    ] {
        assert_exit(&run(&folder, arguments), 2, "--help");
    }
}

#[test]
fn what_cannot_be_read_exits_with_3() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    assert_exit(&run(&folder, &["check", "nowhere.yaml"]), 3, "there is no file `nowhere.yaml`");
    assert_exit(&run(&folder, &["check", "none/net.yaml"]), 3, "there is no file `none/net.yaml`");
    assert_exit(&run(&folder, &["check", "specs"]), 3, "`specs`");
}

#[test]
fn a_file_that_is_not_utf8_is_a_wrong_spec() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("latin1.yaml"), b"network: Net\n# gr\xfc\xdfe\n").unwrap();
    std::fs::write(folder.path().join("user.yaml"), format!("use: ./latin1.yaml\n{RIGHT}")).unwrap();
    for arguments in
        [["check", "latin1.yaml"], ["report", "latin1.yaml"], ["fmt", "latin1.yaml"], ["check", "user.yaml"]]
    {
        let output = run(&folder, &arguments);
        assert_exit(&output, 1, "error[E0119]: the text is not UTF-8");
        assert!(stderr(&output).contains("latin1.yaml:2:5"), "{}", stderr(&output));
    }
}

#[test]
fn what_cannot_be_written_exits_with_3() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "none/net.rs"]), 3, "cannot write `none/net.rs`");
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "taken"]), 3, "cannot write `taken`");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing half-written: {left:?}");
}

#[test]
fn several_specs_are_all_checked_and_the_worst_decides() {
    let wrong = wrong();
    let folder = folder(&[("a.yaml", RIGHT), ("b.yaml", &wrong), ("c.yaml", RIGHT)]);
    let output = run(&folder, &["check", "a.yaml", "b.yaml", "c.yaml"]);
    assert_exit(&output, 1, "b.yaml");
    for fine in ["a.yaml: Net is fine", "c.yaml: Net is fine"] {
        assert!(stderr(&output).contains(fine), "{}", stderr(&output));
    }
    assert_exit(&run(&folder, &["check", "a.yaml", "c.yaml"]), 0, "c.yaml: Net is fine");
    assert_exit(&run(&folder, &["check", "none.yaml", "b.yaml"]), 3, "error[E0301]");
}

#[test]
fn a_dash_is_standard_input() {
    let folder = folder(&[]);
    for (text, code, message) in [(RIGHT.to_owned(), 0, "<stdin>: Net is fine"), (wrong(), 1, "--> <stdin>:5:")] {
        let mut child = command(&folder, &["check", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert_exit(&child.wait_with_output().unwrap(), code, message);
    }
}

#[test]
fn an_embedded_network_is_found_from_anywhere_unless_a_file_has_its_name() {
    let empty = folder(&[]);
    assert_exit(&run(&empty, &["check", "googlenet"]), 0, "GoogLeNet is fine: 6,998,552 parameters");
    let taken = folder(&[("googlenet", RIGHT)]);
    assert_exit(&run(&taken, &["check", "googlenet"]), 0, "Net is fine");
}

#[test]
fn the_json_report_has_every_field_that_programs_were_promised() {
    let folder = folder(&[]);
    let output = run(&folder, &["report", "googlenet", "--format", "json"]);
    assert_exit(&output, 0, "");
    assert_eq!(stderr(&output), "");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["network"], "GoogLeNet");
    assert_eq!(report["input"], serde_json::json!([3, 224, 224]));
    // The sizes of the published networks, with and without auxiliary heads.
    assert_eq!(report["totals"]["training"]["parameters"], 13_378_280);
    assert_eq!(report["totals"]["training"]["multiply_adds"], 1_591_044_096);
    assert_eq!(report["totals"]["inference"]["parameters"], 6_998_552);
    assert_eq!(report["totals"]["inference"]["multiply_adds"], 1_582_671_872);
    let conv1 = serde_json::json!({
        "path": "conv1", "kind": "conv", "output": [64, 112, 112], "parameters": 9472, "buffers": 0,
        "multiply_adds": 118_013_952, "activation_bytes": 2 * 64 * 112 * 112 * 4, "phase": "always",
        "receptive_field": {"size": [7, 7], "stride": [2, 2], "padding": [3, 3], "uniform": true},
    });
    assert_eq!(report["layers"][0], conv1);
    assert_eq!(report["operations"][0]["path"], "conv1.conv");
    assert_eq!(report["operations"][1]["path"], "conv1");
    for line in report["layers"].as_array().unwrap().iter().chain(report["operations"].as_array().unwrap()) {
        assert!(line["path"].is_string() && line["kind"].is_string() && line["output"].is_array(), "{line}");
        assert!(line["parameters"].is_u64() && line["multiply_adds"].is_u64(), "{line}");
        assert!(line["phase"] == "always" || line["phase"] == "training", "{line}");
    }
    assert_eq!(report["operations"][0]["inputs"], serde_json::json!([null]));
    assert_eq!(report["operations"][1]["inputs"], serde_json::json!([0]));
    assert_eq!(
        report["operations"][usize::try_from(report["heads"][1]["output"].as_u64().unwrap()).unwrap()]["path"],
        "aux2.fc2"
    );
    let aux2 = serde_json::json!({
        "name": "aux2", "from": "4d", "weight": 0.3, "phase": "training", "classes": 1000,
        "output": report["heads"][1]["output"],
    });
    assert_eq!(report["heads"][1], aux2);
}

#[test]
fn the_report_is_data_and_ends_quietly_when_nobody_reads_on() {
    let folder = folder(&[]);
    let output = run(&folder, &["report", "googlenet"]);
    assert_exit(&output, 0, "");
    assert!(stdout(&output).starts_with("GoogLeNet: 3x224x224 -> 1000 classes\n"));
    assert_eq!(stderr(&output), "");

    let mut child = command(&folder, &["report", "googlenet", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_exit(&child.wait_with_output().unwrap(), 0, "");
}

#[test]
fn a_file_is_written_once() {
    let folder = folder(&[("net.yaml", RIGHT)]);
    let file = folder.path().join("net.rs");
    let modified = || file.metadata().unwrap().modified().unwrap();
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "net.rs"]), 0, "wrote net.rs");
    let (text, time) = (std::fs::read_to_string(&file).unwrap(), modified());
    assert!(text.starts_with("// Generated by googlenetc "));
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "net.rs"]), 0, "unchanged: net.rs");
    assert_eq!(modified(), time);

    let printed = run(&folder, &["build", "net.yaml", "-o", "-"]);
    assert_eq!(stdout(&printed), text);

    std::fs::write(folder.path().join("net.yaml"), RIGHT.replace("classes: 10", "classes: 11")).unwrap();
    assert_exit(&run(&folder, &["build", "net.yaml", "-o", "net.rs"]), 0, "wrote net.rs");
    assert_ne!(std::fs::read_to_string(&file).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn a_written_file_is_an_ordinary_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("net.yaml", RIGHT)]);
    run(&folder, &["build", "net.yaml", "-o", "net.rs"]);
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode();
    assert_eq!(mode("net.rs"), mode("net.yaml"));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let wrong = wrong();
    let folder = folder(&[("net.yaml", &wrong)]);
    let is_coloured = |command: &mut Command| stderr(&command.output().unwrap()).contains('\u{1b}');
    assert!(!is_coloured(&mut command(&folder, &["check", "net.yaml"])), "no terminal, no colours");
    assert!(is_coloured(&mut command(&folder, &["check", "net.yaml", "--color", "always"])));
    assert!(is_coloured(command(&folder, &["check", "net.yaml", "--color", "always"]).env("NO_COLOR", "1")));
    assert!(is_coloured(command(&folder, &["check", "net.yaml"]).env("CLICOLOR_FORCE", "1")));
    assert!(!is_coloured(command(&folder, &["check", "net.yaml"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1")));
    assert!(!is_coloured(command(&folder, &["check", "net.yaml", "--color", "never"]).env("CLICOLOR_FORCE", "1")));
}

#[test]
fn the_version_and_the_help_are_data() {
    let folder = folder(&[]);
    let version = run(&folder, &["--version"]);
    assert_exit(&version, 0, "");
    assert_eq!(stdout(&version), concat!("googlenetc ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = run(&folder, &["--help"]);
    assert!(stdout(&help).contains("Exit codes: 0 fine, 1 the spec is wrong, 2 wrong usage, 3 input or output failed"));
}

#[test]
fn settings_win_over_the_spec() {
    let folder = folder(&[]);
    // Table 1 with 10 classes: the last layer has 1024 x 10 weights and 10 biases instead of 1,025,000.
    let parameters = 6_998_552 - 1_025_000 + 10_250;
    assert_eq!(parameters, 5_983_802);
    assert_exit(&run(&folder, &["check", "googlenet", "--set", "classes=10"]), 0, "5,983,802 parameters");
    // One input channel: 7x7x64 weights less for each of the other two. The heights and widths of the spec are no claims
    // about another size.
    assert_eq!(parameters - 2 * 7 * 7 * 64, 5_977_530);
    for input in [["--input", "1x448x448"], ["--set", "input=1x448x448"]] {
        let arguments = ["check", "googlenet", "--set=classes=10", "--set=network=Grey", input[0], input[1]];
        assert_exit(&run(&folder, &arguments), 0, "Grey is fine: 5,977,530 parameters");
    }
    let output = run(&folder, &["build", "googlenet", "-o", "-", "--input", "1x224x224", "--set", "classes=10"]);
    assert_exit(&output, 0, "");
    assert!(stdout(&output).starts_with("// Generated by googlenetc"));
    assert!(stdout(&output).contains("from googlenet.yaml with classes=10, input=1x224x224 (BLAKE3"));
    assert_exit(&run(&folder, &["check", "googlenet", "--set", "clases=10"]), 1, "did you mean `classes`?");
}

#[test]
fn libraries_are_found_beside_the_file_that_names_them() {
    let spec = RIGHT.replace("stem:\n", "use: [blocks/a.yaml]\nstem:\n  pair: pair 8\n");
    let folder = folder(&[("net.yaml", &spec)]);
    std::fs::create_dir(folder.path().join("blocks")).unwrap();
    let library = |name: &str, text: &str| std::fs::write(folder.path().join("blocks").join(name), text).unwrap();
    library("a.yaml", "use: ../blocks/b.gnet\nblocks: {pair: {parameters: [n], layers: [one $n, one $n]}}\n");
    assert_exit(&run(&folder, &["check", "net.yaml"]), 1, "there is no file `blocks/b.gnet`");
    library("b.gnet", "block one(n) { conv 3x3 $n }\n");
    assert_exit(&run(&folder, &["check", "net.yaml"]), 0, "Net is fine");
    let header = || stdout(&run(&folder, &["build", "net.yaml", "-o", "-"])).lines().next().unwrap().to_owned();
    let before = header();
    library("b.gnet", "block one(n) { conv 1x1 $n }\n");
    assert_ne!(before, header(), "the hash covers libraries");
    library("b.gnet", "block one(n) { cnov 1x1 $n }\n");
    assert_exit(&run(&folder, &["check", "net.yaml"]), 1, "--> blocks/b.gnet:1:16");
}

#[test]
fn another_size_keeps_the_parameters() {
    let folder = folder(&[]);
    let at = |arguments: &[&str]| run(&folder, &[&["check", "googlenet", "--at"], arguments].concat());
    assert_exit(&at(&["299"]), 0, "GoogLeNet runs on 1x3x299x299 at inference: main 1x1000");
    assert_exit(&at(&["224x240", "--batch", "2"]), 0, "runs on 2x3x224x240 at inference: main 2x1000");
    // 299 -> 150 -> 75 -> 37 -> 18 (ceil), and 5x5/3 windows of 18 are 5: 128 * 5 * 5 features instead of 128 * 4 * 4.
    assert_exit(&at(&["299", "--phase", "training"]), 1, "128x5x5 is flattened: 3200 values");
    assert_exit(&at(&["299", "--phase", "training"]), 1, "does not run on 1x3x299x299 in training: `aux1.fc1` refuses");
    assert_exit(&at(&["16"]), 1, "kernel height");
    for wrong in ["0", "3x", "x", "2x2x2", "99999999999"] {
        assert_exit(&at(&[wrong]), 2, "--at");
    }
    assert_exit(&run(&folder, &["check", "googlenet", "--batch", "2"]), 2, "--at");
}

/// Variables under foreign names, in every format; a layout that is not there, is wrong, or is another network's.
#[test]
fn a_key_layout_lists_foreign_names() {
    let folder = folder(&[
        ("net.yaml", RIGHT),
        ("layout.yaml", "keys:\n  main.fc.$: 'top,$'\n  $: $\n"),
        ("typo.yaml", "keys: {main.fc.$: $leaf, $: $}\n"),
        ("other.yaml", "keys: {conv1.$: $}\n"),
    ]);
    let keys = |layout, format| run(&folder, &["report", "net.yaml", "--layout", layout, "--format", format]);
    let human = keys("layout.yaml", "human");
    assert_exit(&human, 0, "");
    let lines: Vec<String> = stdout(&human).lines().map(String::from).collect();
    assert_eq!(
        lines,
        [
            "variable        key           shape",
            "main.fc.weight  top,weight    10x8",
            "main.fc.bias    top,bias      10",
            "conv1.weight    conv1.weight  8x3x3x3",
        ]
    );
    let csv = stdout(&keys("layout.yaml", "csv"));
    assert!(csv.starts_with("variable,key,shape\nmain.fc.weight,\"top,weight\",10x8\n"), "{csv}");
    let markdown = stdout(&keys("layout.yaml", "markdown"));
    assert!(markdown.starts_with("| variable | key | shape |\n| --- | --- | --- |\n"), "{markdown}");
    let json: Value = serde_json::from_str(&stdout(&keys("pytorch", "json"))).expect("it is JSON");
    assert_eq!(json[0]["key"], "conv1.weight");
    assert_eq!(json[0]["shape"], serde_json::json!([8, 3, 3, 3]));

    assert_exit(&keys("nobodys", "human"), 3, "nothing embedded of this name (there is batch-norm,");
    assert_exit(&keys("typo.yaml", "human"), 1, "`$leaf` is not in the pattern");
    assert_exit(&keys("other.yaml", "human"), 1, "2 variables of the network have no key");
}
