//! The costs that `googlenetc diff` prints are those of the rows of the reports, no more and no less.

use std::collections::BTreeMap;

use googlenetc::CheckedNetwork;
use googlenetc::diff::{Cost, Diff, diff, human};
use googlenetc::report::{json, report};
use serde_json::Value;

/// Parameters and multiply-adds.
type Numbers = [u64; 2];

fn network(name: &str, text: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile(name, text);
    let messages = compilation.render(false);
    compilation.network.expect(&messages)
}

/// ResNet-18 with one block more at the end of a stage.
fn deeper(stage: &str, channels: &str) -> String {
    let text = googlenetc_tests::text("specs/resnet-18.yaml");
    let last = format!("{stage}: [down {channels}, basic {channels}");
    assert!(text.contains(&last), "{last}");
    text.replace(&last, &format!("{last}, basic {channels}"))
}

/// All networks that come along, and two that have blocks without a counterpart.
fn networks() -> Vec<(&'static str, CheckedNetwork)> {
    let embedded = googlenetc_specs::NETWORKS.iter().map(|spec| (spec.name, network(spec.file, spec.text)));
    let own = [("deeper layer2", deeper("layer2", "128")), ("deeper layer4", deeper("layer4", "512"))];
    embedded.chain(own.map(|(name, text)| (name, network(&format!("{name}.yaml"), &text)))).collect()
}

fn numbers(row: &Value) -> Numbers {
    ["parameters", "multiply_adds"].map(|what| row[what].as_u64().expect("a number"))
}

fn add(sum: &mut Numbers, more: Numbers) {
    sum[0] += more[0];
    sum[1] += more[1];
}

/// What `report --format json` says of every row: of heads their sums, of the trunk by the name in parentheses, or the path.
fn rows(report: &Value) -> BTreeMap<String, Numbers> {
    let mut rows: BTreeMap<String, Numbers> = BTreeMap::new();
    for row in report["table"]["rows"].as_array().expect("rows") {
        let word = |key: &str| row[key].as_str().expect("a word");
        let called = word("type").strip_suffix(')').and_then(|kind| kind.rsplit_once('('));
        let name = row["head"].as_str().unwrap_or_else(|| called.map_or_else(|| word("path"), |(_, name)| name));
        add(rows.entry(name.into()).or_default(), numbers(row));
    }
    rows
}

/// The rows of every network that a comparison prints are the report's, each once; and what it leaves out is the same in
/// both, so that it adds up to the totals.
fn adds_up(found: &Diff, reports: [&Value; 2]) {
    let mut left_out = Vec::new();
    for (column, report) in reports.into_iter().enumerate() {
        let mut own = rows(report);
        let mut sum = Numbers::default();
        for line in &found.costs {
            assert_eq!(line.names[column].is_some(), line.values[column].is_some(), "{line:?}");
            let (Some(name), Some(Cost { parameters, multiply_adds, .. })) = (&line.names[column], line.values[column])
            else {
                continue;
            };
            let printed = [parameters, multiply_adds];
            assert_eq!(own.remove(name), Some(printed), "{name}, once\n{}", human(found));
            add(&mut sum, printed);
        }
        let mut rest = Numbers::default();
        for row in own.into_values() {
            add(&mut rest, row);
        }
        left_out.push(rest);
        add(&mut sum, rest);
        assert_eq!(sum, numbers(&report["totals"]["training"]), "{}", human(found));
    }
    assert_eq!(left_out[0], left_out[1], "{}", human(found));
}

#[test]
fn costs_are_those_of_the_reports_and_add_up() {
    let networks = networks();
    let reports: Vec<Value> =
        networks.iter().map(|(_, checked)| serde_json::from_str(&json(&report(checked))).expect("JSON")).collect();
    let mut compared = 0;
    for ((a, one), first) in networks.iter().zip(&reports) {
        for ((b, other), second) in networks.iter().zip(&reports) {
            let found = diff((*a, one), &[(*b, other)]);
            if !found.is_empty() {
                adds_up(&found, [first, second]);
                compared += 1;
            }
        }
    }
    // Nothing but a network itself does the same.
    assert_eq!(compared, networks.len() * (networks.len() - 1));
}

/// The cells of a table's lines.
fn cells(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect()
}

#[test]
fn a_row_of_one_network_stands_alone() {
    let resnet = network("resnet-18.yaml", &googlenetc_tests::text("specs/resnet-18.yaml"));
    // Two convolutions of 3x3 and two norms; a map of 28x28, and of 7x7.
    for (stage, channels, before, row, parameters) in [
        ("layer2", "128", "before layer3.0 (layer2.2)", "layer2.2", "295,424"),
        ("layer4", "512", "before main (layer4.2)", "layer4.2", "4,720,640"),
    ] {
        let deeper = network("deeper.yaml", &deeper(stage, channels));
        let text = human(&diff(("a", &resnet), &[("b", &deeper)]));
        let expected = [[row, "parameters", "0", parameters], [row, "multiply-adds", "0", "231,211,008"]];
        assert_eq!(cells(&text)[1], [before, "branches", "absent", "add of 2 branches, relu"]);
        assert_eq!(cells(&text)[5..7], expected, "{text}");
        assert_eq!(cells(&text)[7][0], "total", "{text}");
        let text = human(&diff(("b", &deeper), &[("a", &resnet)]));
        assert_eq!(cells(&text)[1], [row, "branches", "add of 2 branches, relu", "absent"]);
        assert_eq!(cells(&text)[5], [row, "parameters", parameters, "0"], "{text}");
        assert_eq!(cells(&text)[7][0], "total", "{text}");
    }
}

/// What a name stands for is told where another network calls something else by it.
#[test]
fn rows_of_other_names_have_both() {
    let head = "heads:\n  (main): {layers: [avgpool global, flatten, linear $classes]}\n";
    let start = "network: Net\ninput: 3x32x32\nclasses: 10\n";
    let one = network("one.yaml", &format!("{start}body:\n  a: conv 3x3 8\n  b: conv 5x5/2 16\n{head}"));
    for (new, called) in [("new", "new"), ("b", "- / b")] {
        let body = format!("body:\n  a: conv 3x3 8\n  {new}: conv 1x1 8\n  last: conv 5x5/2 8\n");
        let other = network("other.yaml", &format!("{start}{body}{head}"));
        let text = human(&diff(("one", &one), &[("other", &other)]));
        // 8 x 8 weights, 5 x 5 x 8 x 16, and for half of the channels half of it.
        for line in [[called, "parameters", "0", "64"], ["b / last", "parameters", "3,200", "1,600"]] {
            assert!(cells(&text).contains(&line.to_vec()), "{text}");
        }
    }
}
