//! The report as text with aligned columns.

use super::{Report, Row, Total};
use crate::network::Phase;

/// The report for people: Table 1, heads, totals. Ends with a newline.
pub fn human(report: &Report) -> String {
    let mut text = format!("{}: {} -> {}\n\n", report.network, report.input, classes(report));
    text.push_str(&align(&cells(report)));
    text.push('\n');
    for head in &report.heads {
        let when = match head.phase {
            Phase::Training => "only in training",
            Phase::Always => "always",
        };
        text += &format!("head {}: from {}, {when}, loss weight {}\n", head.name, head.from, head.weight);
    }
    text += &format!("depth: {} layers with parameters, from the input to {}\n\n", report.depth, first_head(report));
    text.push_str(&align(&totals(report)));
    text
}

fn classes(report: &Report) -> String {
    report.heads.first().map_or("no head".into(), |head| format!("{} classes", head.classes))
}

fn first_head(report: &Report) -> &str {
    report.heads.first().map_or("the output", |head| &head.name)
}

fn cells(report: &Report) -> Vec<Vec<String>> {
    let mut header: Vec<String> = ["type", "patch/stride", "output", "depth"].map(String::from).into();
    header.extend(report.table.columns.iter().map(|column| heading(column)));
    header.extend(["parameters", "multiply-adds"].map(String::from));
    let width = header.len();
    let mut cells = vec![header];
    let mut head = None;
    for row in &report.table.rows {
        // The first head goes on where the trunk ends; the others stand below their names.
        let apart = row.head.as_deref().filter(|name| *name != first_head(report));
        if let Some(name) = apart.filter(|name| head != Some(*name)) {
            let mut title = vec![String::new(); width];
            title[0] = format!("{name}:");
            cells.push(title);
        }
        head = row.head.as_deref();
        cells.push(line(row, apart.is_some()));
    }
    cells
}

fn line(row: &Row, apart: bool) -> Vec<String> {
    let indent = if apart { "  " } else { "" };
    let mut line = vec![
        format!("{indent}{}", row.kind),
        row.patch.clone().unwrap_or_default(),
        row.output.to_string(),
        row.depth.to_string(),
    ];
    line.extend(row.values.iter().map(|value| value.clone().unwrap_or_default()));
    line.extend(
        [row.parameters, row.multiply_adds].map(|number| if number == 0 { String::new() } else { grouped(number) }),
    );
    line
}

/// `n3x3_reduce` as the paper heads it: `#3x3 reduce`.
fn heading(column: &str) -> String {
    let words = column.replace('_', " ");
    match words.strip_prefix('n') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("#{rest}"),
        _ => words,
    }
}

fn totals(report: &Report) -> Vec<Vec<String>> {
    let line = |name: &str, total: Total| vec![name.into(), grouped(total.parameters), grouped(total.multiply_adds)];
    vec![
        ["total", "parameters", "multiply-adds"].map(String::from).into(),
        line("training", report.totals.training),
        line("inference", report.totals.inference),
    ]
}

/// `13378280` as `13,378,280`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns side by side: the first to the left, all others to the right.
fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            line += &if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
