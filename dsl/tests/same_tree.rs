//! A spec in YAML and the same spec in the text language give the same tree.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use googlenetc_dsl::source::Sources;
use googlenetc_dsl::tree::{Atom, Construct, RowContent, Section, Spec, Table, Value};
use googlenetc_dsl::{Syntax, parse};

/// Table 1 of "Going Deeper with Convolutions": row, the six channel columns, output.
const TABLE_1: [(&str, [&str; 6], [&str; 3]); 9] = [
    ("3a", ["64", "96", "128", "16", "32", "32"], ["256", "28", "28"]),
    ("3b", ["128", "128", "192", "32", "96", "64"], ["480", "28", "28"]),
    ("4a", ["192", "96", "208", "16", "48", "64"], ["512", "14", "14"]),
    ("4b", ["160", "112", "224", "24", "64", "64"], ["512", "14", "14"]),
    ("4c", ["128", "128", "256", "24", "64", "64"], ["512", "14", "14"]),
    ("4d", ["112", "144", "288", "32", "64", "64"], ["528", "14", "14"]),
    ("4e", ["256", "160", "320", "32", "128", "128"], ["832", "14", "14"]),
    ("5a", ["256", "160", "320", "32", "128", "128"], ["832", "7", "7"]),
    ("5b", ["384", "192", "384", "48", "128", "128"], ["1024", "7", "7"]),
];

fn read(name: &str, text: &str) -> Spec {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let parsed = parse(&sources, id, Syntax::of_name(name));
    assert_eq!(parsed.diagnostics, [], "{name}");
    parsed.spec.unwrap()
}

/// The tree as lines, without the numbers of its spans and the signs of its syntax.
fn lines(spec: &Spec) -> Vec<String> {
    let is_of_tree =
        |line: &&str| !["start: ", "end: ", "separator: "].iter().any(|key| line.trim_start().starts_with(key));
    format!("{spec:#?}").lines().filter(is_of_tree).map(str::to_owned).collect()
}

/// Fails at the first difference; the trees as a whole are too long to read.
fn assert_same(left: &Spec, right: &Spec) {
    for (left, right) in lines(left).iter().zip(&lines(right)) {
        assert_eq!(left, right);
    }
    assert!(left == right);
}

fn table(spec: &Spec) -> &Table {
    let items = spec.sections.iter().filter_map(|section| match section {
        Section::Body(items) => Some(items),
        Section::Head(_) => None,
    });
    let mut tables = items.flatten().filter_map(|item| match &item.construct {
        Construct::Table(table) => Some(table),
        Construct::Expression(_)
        | Construct::Sequence(_)
        | Construct::Concat(_)
        | Construct::Add(_)
        | Construct::Repeat(_)
        | Construct::Invalid(_) => None,
    });
    tables.next().unwrap()
}

fn numbers(value: &Value) -> Vec<String> {
    let Value::Extents { sizes, steps } = value else { panic!("{value:?}") };
    assert!(steps.is_empty());
    let number = |atom: &Atom| match atom {
        Atom::Number(number) => number.clone(),
        Atom::Parameter(name) => panic!("{name}"),
    };
    sizes.iter().map(|atom| number(&atom.value)).collect()
}

#[test]
fn googlenet_is_the_same_in_both() {
    let yaml = read("googlenet.yaml", include_str!("fixtures/googlenet.yaml"));
    let text = read("googlenet.gnet", include_str!("fixtures/googlenet.gnet"));
    assert_same(&yaml, &text);
}

#[test]
fn googlenet_is_table_1() {
    for (name, text) in [
        ("googlenet.yaml", include_str!("fixtures/googlenet.yaml")),
        ("googlenet.gnet", include_str!("fixtures/googlenet.gnet")),
    ] {
        let spec = read(name, text);
        let rows: Vec<_> = table(&spec)
            .rows
            .iter()
            .filter_map(|row| match &row.content {
                RowContent::Cells(cells) => Some((row.name.value.as_str(), cells)),
                RowContent::Plain(_) => None,
            })
            .collect();
        assert_eq!(rows.len(), TABLE_1.len());
        for ((row, cells), (expected_row, channels, output)) in rows.into_iter().zip(TABLE_1) {
            assert_eq!(row, expected_row);
            let cells: Vec<_> = cells.iter().map(|cell| numbers(&cell.value)).collect();
            let (last, most) = cells.split_last().unwrap();
            assert_eq!(most.concat(), channels);
            assert_eq!(last.as_slice(), output);
        }
    }
}

#[test]
fn every_form_is_the_same_in_both() {
    let yaml = read("everything.yaml", include_str!("fixtures/everything.yaml"));
    let text = read("everything.gnet", include_str!("fixtures/everything.gnet"));
    assert_same(&yaml, &text);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    for (name, text) in [
        ("everything.yaml", include_str!("fixtures/everything.yaml")),
        ("everything.gnet", include_str!("fixtures/everything.gnet")),
    ] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_same(&read(name, &windows), &read(name, text));
    }
}
