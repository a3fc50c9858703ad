//! `googlenetc report` as its users meet it: formats, depth, widths.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests run the command")]

use std::process::Command;

use serde_json::Value;

/// Standard output of `googlenetc report` with these arguments; without a terminal and without `COLUMNS`.
fn report(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
    let output = command.arg("report").args(arguments).env_remove("COLUMNS").output().expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The rows of the table above the first empty line that follows it.
fn table(text: &str) -> Vec<&str> {
    text.lines().skip(2).take_while(|line| !line.is_empty()).collect()
}

#[test]
fn lines_are_as_long_as_there_is_room() {
    for (width, hidden) in [
        ("147", ""),
        ("120", "(no room for activations, field, field stride: --width 147 shows them)"),
        ("107", "#1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj"),
        ("80", "activations"),
        ("30", "patch/stride"),
    ] {
        let text = report(&["googlenet", "--width", width]);
        let rows = table(&text);
        let longest = rows.iter().filter(|row| !row.starts_with("(no room")).map(|row| row.len()).max();
        // What is always shown takes 62 characters when numbers are short.
        assert!(longest <= width.parse().ok().max(Some(62)), "{width}: {longest:?}\n{text}");
        assert_eq!(text.contains("no room"), !hidden.is_empty(), "{width}");
        assert!(text.contains(hidden), "{width}\n{text}");
    }
    assert_eq!(report(&["googlenet"]), report(&["googlenet", "--width", "120"]));
    assert!(report(&["googlenet", "--width", "40"]).contains("118.0M"));
}

#[test]
fn columns_of_the_environment_count() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
    let output = command.args(["report", "googlenet"]).env("COLUMNS", "80").output().expect("the command starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout), report(&["googlenet", "--width", "80"]));
}

/// GoogLeNet has 17 items in its trunk, three heads, four branches in each of nine blocks, and six layers in each auxiliary head.
#[test]
fn the_tree_folds() {
    let rows = |depth| table(&report(&["googlenet", "--width", "200", "--depth", depth])).len() - 1;
    assert_eq!(rows("1"), 18 + 3);
    assert_eq!(rows("2"), 18 + 3 + 9 * 4 + 4 + 2 * 6);
    assert_eq!(rows("3"), rows("2") + 9 * 6);
    assert_eq!(rows("all"), rows("3"));
    assert_eq!(report(&["googlenet", "--layers"]), report(&["googlenet", "--depth", "all"]));
}

#[test]
fn csv_has_raw_numbers_and_all_columns() {
    let text = report(&["googlenet", "--format", "csv"]);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    let row = lines.iter().find(|line| line[0] == "inception3a").expect("the row is there");
    let cell = |name: &str| row[lines[0].iter().position(|column| *column == name).expect("the column is there")];
    assert_eq!(cell("type"), "inception (3a)");
    assert_eq!([cell("output"), cell("parameters"), cell("multiply_adds")], ["256x28x28", "163696", "128049152"]);
    assert_eq!([cell("field_height"), cell("stride_width"), cell("n3x3_reduce")], ["59", "8", "96"]);
}

#[test]
fn markdown_is_a_table() {
    let text = report(&["googlenet", "--format", "markdown", "--depth", "2"]);
    let cells = |line: &str| line.matches('|').count();
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(table[1].starts_with("| --- | --- | ---: |"));
    assert!(text.contains("\n| &emsp;branch1 | conv | 1x1/1 | 64x28x28 | 1 | 12,352 |"));
    assert!(text.contains("\n| inference | 6,998,552 |"));
    assert!(table.iter().take_while(|line| !line.starts_with("| total")).all(|line| cells(line) == cells(table[0])));
}

/// Twice the batch takes twice the memory of values, and half the bytes half of it; masks and indices keep their size.
#[test]
fn batch_and_type_change_memory_alone() {
    let json = |arguments: &[&str]| -> Value {
        let text = report(&[&["googlenet", "--format", "json"], arguments].concat());
        serde_json::from_str(&text).expect("it is JSON")
    };
    let peak = |json: &Value| json["totals"]["inference"]["peak_bytes"].as_u64().expect("a number");
    let (one, many) = (json(&[]), json(&["--batch", "32", "--dtype", "bf16"]));
    assert_eq!(peak(&many), peak(&one) * 16);
    assert_eq!(many["totals"]["training"]["weight_bytes"], 13_378_280 * 2);
    assert_eq!(many["totals"]["training"]["multiply_adds"], one["totals"]["training"]["multiply_adds"]);
    assert_eq!((&many["batch"], &many["dtype"]), (&Value::from(32), &Value::from("bf16")));
}

#[test]
fn every_column_is_explained() {
    let explained = report(&["--explain"]);
    let text = report(&["googlenet", "--width", "200"]);
    let headings = table(&text)[0].split("  ").map(str::trim).filter(|heading| !heading.is_empty());
    for heading in headings.filter(|heading| !heading.starts_with('#') && *heading != "pool proj") {
        assert!(explained.lines().any(|line| line == heading), "{heading}");
    }
}

/// The sizes are those that PyTorch prints for the Inception block of a GoogLeNet written in PyTorch: 352 maps of 224x224 from an
/// image, and 177,152 parameters.
#[test]
fn a_block_alone() {
    let call = ["googlenet", "--block", "inception", "--in", "3x224x224", "64", "64", "128", "n5x5_reduce=32"];
    let text = report(&[&call[..], &["n5x5=128", "pool_proj=32"]].concat());
    assert!(text.starts_with("inception: 3x224x224 -> 352x224x224\n"), "{text}");
    assert!(text.contains("\ntraining      177,152"), "{text}");
    assert_eq!(table(&text).len(), 1 + 1 + 4 + 6);
    let folded = report(&[&call[..], &["n5x5=128", "pool_proj=32", "--depth", "1"]].concat());
    assert_eq!(table(&folded).len(), 1 + 1);
}

/// Heads take `classes` from the spec or from a setting; a layer is a block of its own.
#[test]
fn a_head_or_a_layer_alone() {
    let head = report(&["googlenet", "--block", "auxiliary", "--in", "512x14x14", "--set", "classes=10"]);
    assert!(head.starts_with("auxiliary: 512x14x14 -> 10\n"), "{head}");
    // The spec's defaults give the convolution a bias: 7 * 7 * 3 * 64 + 64.
    let layer = report(&["googlenet", "--block", "conv", "--in", "3x224x224", "7x7/2", "64"]);
    assert!(layer.contains("64x112x112") && layer.contains("\ninference       9,472"), "{layer}");
}

#[test]
fn mistakes_in_a_block_alone_are_shown() {
    for (arguments, message) in [
        (&["--block", "inceptoin", "--in", "3x8x8"][..], "error[E0202]: there is no layer or block `inceptoin`"),
        (&["--block", "inception", "--in", "3x8x8", "n1x=64"], "has no parameter `n1x`"),
        (&["--block", "inception", "--in", "3x8x8", "n1x1="], "--block:1:"),
        (&["--block", "inception", "--in", "3x8"], "`3x8` is not the shape of an input"),
        (&["--block", "linear", "--in", "3x8x8", "5"], "a linear layer needs a vector"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_googlenetc"));
        let output = command.args(["report", "googlenet"]).args(arguments).output().expect("the command starts");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{messages}");
        assert!(output.stdout.is_empty() && messages.contains(message), "{messages}");
    }
}

/// Worked out by hand from the windows: the head needs 2,048 values, which 4x4 maps of 128 channels have, and the ceil pools need 31 pixels.
#[test]
fn valid_sizes_are_said() {
    let text = report(&["bias-aux", "--sizes", "--batch", "2"]);
    assert!(
        text.contains("\nvalid square inputs in training, 2 samples: 223 to 270 (aux1.fc1 refuses 222 and 271)\n"),
        "{text}"
    );
    assert!(text.contains("\nvalid square inputs in inference, 2 samples: 31 and more ("), "{text}");
    assert!(!report(&["bias-aux"]).contains("valid square inputs"));
}

#[test]
fn bytes_beyond_counting_are_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.yaml");
    let large = "network: Net\ninput: 1x2147483648x2147483648\nclasses: 10\nstem: {r: relu}\n\
                 heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n";
    std::fs::write(&file, large).unwrap();
    let text = report(&[file.to_str().unwrap()]);
    assert!(text.contains("over 16 EiB") && !text.contains("16.0 EiB"), "{text}");
}
