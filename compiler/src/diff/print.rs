//! A comparison as text for people, as Markdown, as JSON.

use super::{Compared, Cost, Diff};
use crate::report::grouped;

/// The comparison for people. Ends with a newline.
pub fn human(diff: &Diff) -> String {
    if diff.is_empty() {
        return "no difference\n".into();
    }
    let mut text = align(&differences(diff), usize::MAX);
    if !diff.costs.is_empty() {
        text += "\nwhat follows\n";
        text += &align(&costs(diff), 2);
    }
    text
}

/// The comparison as two tables of Markdown. Ends with a newline.
pub fn markdown(diff: &Diff) -> String {
    if diff.is_empty() {
        return "No difference.\n".into();
    }
    let mut text = table(&differences(diff));
    if !diff.costs.is_empty() {
        text += "\n";
        text += &table(&costs(diff));
    }
    text
}

/// The comparison as JSON, with a final newline.
pub fn json(diff: &Diff) -> String {
    let mut text = serde_json::to_string_pretty(diff).unwrap_or_default();
    text.push('\n');
    text
}

fn differences(diff: &Diff) -> Vec<Vec<String>> {
    let mut rows = vec![header(diff, ["where", "what"])];
    for difference in &diff.differences {
        let mut row = vec![difference.place.clone(), difference.what.clone()];
        let several = difference.values.len() > 2;
        let first = difference.values.first();
        row.extend(difference.values.iter().enumerate().map(|(column, value)| {
            // In a table of many networks only what differs stands out.
            if several && column > 0 && Some(value) == first { "=".into() } else { value.clone() }
        }));
        rows.push(row);
    }
    rows
}

fn header<const N: usize>(diff: &Diff, columns: [&str; N]) -> Vec<String> {
    columns.into_iter().map(String::from).chain(diff.networks.iter().map(|network| network.spec.clone())).collect()
}

/// A line per row and number that differs, and the totals. What is absent costs nothing.
fn costs(diff: &Diff) -> Vec<Vec<String>> {
    let mut rows = vec![header(diff, ["row", "what"])];
    for line in &diff.costs {
        let outputs: Option<Vec<String>> =
            line.values.iter().map(|cost| cost.map(|cost| cost.output.to_string())).collect();
        let number =
            |of: fn(Cost) -> u64| line.values.iter().map(|cost| grouped(cost.map_or(0, of))).collect::<Vec<_>>();
        let numbers =
            [("parameters", number(|cost| cost.parameters)), ("multiply-adds", number(|cost| cost.multiply_adds))];
        for (what, values) in outputs.map(|outputs| ("output", outputs)).into_iter().chain(numbers) {
            if values.iter().any(|value| *value != values[0]) {
                rows.push([line.words.clone(), what.into()].into_iter().chain(values).collect());
            }
        }
    }
    let mut total = |what: &str, of: fn(&Compared) -> u64| {
        let values = diff.networks.iter().map(|network| grouped(of(network)));
        rows.push(["total".into(), what.to_owned()].into_iter().chain(values).collect());
    };
    total("parameters in training", |network| network.totals.training.parameters);
    total("parameters at inference", |network| network.totals.inference.parameters);
    total("multiply-adds at inference", |network| network.totals.inference.multiply_adds);
    rows
}

/// Columns side by side: the first `left` to the left, since they hold words, the others to the right.
fn align(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cell = |(column, (cell, &width)): (usize, (&String, &usize))| {
            if column < left { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        };
        let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text += &format!("| {} |\n", cells.join(" | "));
        if index == 0 {
            text += &format!("|{}\n", "---|".repeat(row.len()));
        }
    }
    text
}
