//! `report --against szegedy2015`: the paper's own network agrees with its table but for what the table has wrong, and a
//! number that is copied wrongly is found though no shape shows it.

use std::collections::BTreeMap;

use googlenetc::CheckedNetwork;
use googlenetc::against::{Parity, Published, Verdict, against, read};
use googlenetc_dsl::source::Sources;

const TABLE: &str = "specs/published/szegedy2015.yaml";

fn published(text: &str) -> (Option<Published>, String) {
    let mut sources = Sources::new();
    let id = sources.add("table.yaml", text);
    let (table, diagnostics) = read(&sources, id);
    (table, googlenetc_dsl::render::render(&diagnostics, &sources, false))
}

fn network(text: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile("changed.yaml", text);
    let messages = compilation.render(false);
    compilation.network.expect(&messages)
}

fn compare(checked: &CheckedNetwork) -> Parity {
    let (table, messages) = published(&googlenetc_tests::text(TABLE));
    against(checked, &table.expect(&messages))
}

/// The paper's network with parts of its spec replaced.
fn changed(replacements: &[(&str, &str)]) -> Parity {
    let mut text = googlenetc_tests::text("specs/googlenet.yaml");
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    compare(&network(&text))
}

/// `row: column` of every cell with this verdict.
fn cells(parity: &Parity, wanted: impl Fn(Verdict) -> bool) -> Vec<String> {
    let of_row = |row: &googlenetc::against::ParityRow| {
        let found = row.cells.iter().filter(|cell| wanted(cell.verdict));
        found.map(|cell| format!("{}: {}", row.row, cell.column)).collect::<Vec<_>>()
    };
    parity.rows.iter().flat_map(of_row).collect()
}

/// The cells of Table 1 that its own channels contradict: both of conv1 and of 5a, and the weights of 3b, 4a to 4e and 5b.
const ERRATA: [&str; 11] = [
    "conv1: params",
    "conv1: ops",
    "3b: params",
    "4a: params",
    "4b: params",
    "4c: params",
    "4d: params",
    "4e: params",
    "5a: params",
    "5a: ops",
    "5b: params",
];

#[test]
fn the_papers_network_agrees_but_for_the_errata() {
    let parity = changed(&[]);
    assert!(parity.agrees());
    assert_eq!(cells(&parity, |verdict| matches!(verdict, Verdict::Erratum(_))), ERRATA);
    assert_eq!(cells(&parity, |verdict| verdict == Verdict::NotCompared), [""; 0]);
    // 18 rows of output and depth, 7 of them with a window, 1 with a rate; 6 columns of 9 blocks, 2 of conv2; params and ops
    // of 12 rows.
    assert_eq!(cells(&parity, |_| true).len(), 18 * 2 + 7 + 1 + 9 * 6 + 2 + 12 * 2);
    // Two heads of five layers, as the text has them.
    assert_eq!(parity.heads.iter().map(|head| head.cells.len()).collect::<Vec<_>>(), [5, 5]);
    let listed: Vec<&str> = parity.errata.iter().map(|note| note.row.as_str()).collect();
    assert_eq!(listed, ["conv1", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b", "total"]);
}

/// The five lines of a tutorial that reduces 4d to 128 channels: shapes are the same, weights and operations are not.
#[test]
fn a_number_copied_wrongly_is_named() {
    let parity = changed(&[
        ("[ 112,         144,", "[ 112,         128,"),
        ("input: 3x", "input: 1x"),
        ("classes: 1000", "classes: 10"),
    ]);
    assert_eq!(cells(&parity, |verdict| verdict == Verdict::Differs), ["4d: #3x3 reduce", "4d: params", "4d: ops"]);
    let row = parity.departures().next().expect("4d departs");
    let found: Vec<&str> = row.cells.iter().map(|cell| cell.found.as_str()).collect();
    // 128 for 144 at 512 inputs and 288 outputs: 604,672 - 16 * (512 + 9 * 288) = 555,008 weights, which is 542.0K.
    assert_eq!(found, ["528x14x14", "2", "112", "128", "288", "32", "64", "64", "542K", "108.8M"]);
    let skipped = ["conv1: params", "conv1: ops", "linear: output", "linear: params", "linear: ops"];
    assert_eq!(cells(&parity, |verdict| verdict == Verdict::NotCompared), skipped);
}

/// Of the networks that this project grew out of, one copies a number wrongly; two have no dropout, and the auxiliary heads of
/// one drop twice, and less.
#[test]
fn the_source_networks_depart_in_a_number_and_in_dropouts() {
    for name in
        ["tiny-imagenet", "fashion-mnist-sequential", "fashion-mnist", "batch-norm", "bias-aux", "googlenet-caffe"]
    {
        let parity = compare(&googlenetc_tests::network(&format!("specs/{name}.yaml")));
        let rows: Vec<&str> = parity.departures().map(|row| row.row.as_str()).collect();
        let known: &[&str] = match name {
            "fashion-mnist" => &["4d", "dropout"],
            "fashion-mnist-sequential" => &["dropout"],
            "bias-aux" => &["aux1", "aux2"],
            _ => &[],
        };
        assert_eq!(rows, known, "{name}");
        assert!(parity.extra.is_empty(), "{name}");
    }
}

#[test]
fn rows_that_are_missing_or_more_are_named() {
    let parity = changed(&[("    4b:    [ 160,         112,  224,          24,   64,        64, 512x14x14]\n", "")]);
    assert_eq!(cells(&parity, |verdict| verdict == Verdict::Differs), ["4b: type"]);
    let parity = changed(&[("  conv3: conv 3x3 192\n", "  conv3: conv 3x3 192\n  conv4: conv 5x5 192\n")]);
    assert_eq!(parity.extra, ["conv 5x5 192, relu"]);
    assert!(!parity.agrees());
}

#[test]
fn other_kernels_and_windows_are_named() {
    let parity = changed(&[("conv 5x5 $n5x5", "conv 3x3 $n5x5")]);
    let kernels = cells(&parity, |verdict| verdict == Verdict::Differs);
    let kernels: Vec<&String> = kernels.iter().filter(|cell| cell.contains("kernel")).collect();
    assert_eq!(kernels.len(), 9, "{kernels:?}");
    let parity = changed(&[("pool4: maxpool 3x3/2", "pool4: maxpool 2x2/2")]);
    assert_eq!(cells(&parity, |verdict| verdict == Verdict::Differs), ["pool4: patch"]);
}

/// At another input size neither outputs nor operations are the table's; channels and weights still are.
#[test]
fn another_input_size_is_no_departure() {
    let mut text = googlenetc_tests::text("specs/googlenet.yaml");
    for assertion in [" -> 64x112x112", " -> 64x56x56", " -> 192x28x28"] {
        text = text.replace(assertion, "");
    }
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let cells = line
                .trim_end()
                .strip_suffix(']')
                .filter(|line| line.contains("[ ") && line.ends_with(|c: char| c.is_ascii_digit()));
            cells.and_then(|cells| cells.rsplit_once(',')).map_or(line.into(), |(cells, _)| format!("{cells}]"))
        })
        .collect();
    let text = lines.join("\n").replace(", output]", "]").replace("input: 3x224x224", "input: 3x240x240");
    let parity = compare(&network(&text));
    assert!(parity.agrees(), "{:?}", cells(&parity, |verdict| verdict == Verdict::Differs));
    assert!(cells(&parity, |verdict| verdict == Verdict::NotCompared).contains(&"4a: ops".to_owned()));
}

/// What the table's file calls right follows from its own channels, and what it calls an explanation gives the printed value.
#[test]
fn the_errata_are_arithmetic() {
    let file: serde_yaml::Value = serde_yaml::from_str(&googlenetc_tests::text(TABLE)).expect("YAML");
    let columns: Vec<&str> = file["columns"].as_sequence().expect("list").iter().filter_map(|c| c.as_str()).collect();
    let cell = |row: &str, column: &str| {
        let index = columns.iter().position(|name| *name == column).expect("column");
        file["rows"][row][index].as_f64()
    };
    // Input channels, and rows x columns of the map, by the rows before.
    let inputs = BTreeMap::from([
        ("3b", (256.0, 28.0)),
        ("4a", (480.0, 14.0)),
        ("4b", (512.0, 14.0)),
        ("4c", (512.0, 14.0)),
        ("4d", (512.0, 14.0)),
        ("4e", (528.0, 14.0)),
        ("5a", (832.0, 7.0)),
        ("5b", (832.0, 7.0)),
    ]);
    let mut count = 0;
    for erratum in file["errata"].as_sequence().expect("list") {
        let row = erratum["row"].as_str().expect("row");
        let (weights, values) = match inputs.get(row) {
            Some((channels, side)) => {
                let of = |column: &str| cell(row, column).expect("channels");
                let outside = of("n1x1") + of("n3x3_reduce") + of("n5x5_reduce") + of("pool_proj");
                let inside = 9.0 * of("n3x3_reduce") * of("n3x3") + 25.0 * of("n5x5_reduce") * of("n5x5");
                (channels * outside + inside, side * side)
            }
            None if row == "conv1" => (7.0 * 7.0 * 3.0 * 64.0, 112.0 * 112.0),
            None => continue,
        };
        for (column, right, unit) in [("params", weights, 1024.0), ("ops", weights * values, 1e6)] {
            let Some(correction) = erratum.get(column) else { continue };
            assert_eq!(correction["correct"].as_f64(), Some(right), "{row} {column}");
            let printed = cell(row, column).expect("printed");
            let unit = correction.get("thousand").and_then(serde_yaml::Value::as_f64).unwrap_or(unit);
            assert!((right / unit - printed).abs() > 0.5, "{row} {column} is no erratum");
            let explained = correction.get("explained").and_then(serde_yaml::Value::as_f64);
            assert!(explained.is_none_or(|explained| (explained / unit - printed).abs() <= 0.5), "{row} {column}");
            count += 1;
        }
    }
    assert_eq!(count, ERRATA.len());
    let sum: f64 = inputs.keys().chain(&["conv1", "conv2", "3a", "linear"]).filter_map(|row| cell(row, "ops")).sum();
    assert!((sum - 1502.0).abs() < 0.5, "{sum}");
}

#[test]
fn mistakes_of_a_table_are_shown() {
    let text = googlenetc_tests::text(TABLE);
    for (from, to, message) in [
        ("classes: 1000", "clases: 1000", "a published table has no key `clases`"),
        ("title: Table 1", "# title: Table 1", "a published table needs `title`"),
        ("  - row: 5a", "  - row: 5c", "the table has no such row"),
        ("thousand: 1024 ", "thousand: many ", "`thousand` must be a number, and this is `many`"),
        ("832x7x7,       0,    _,", "832x7x7,       0,", "row `pool4` has 11 cells for 12 columns"),
    ] {
        assert!(text.contains(from), "{from}");
        let (table, messages) = published(&text.replacen(from, to, 1));
        assert!(table.is_none() && messages.contains(message), "{from}:\n{messages}");
    }
}
