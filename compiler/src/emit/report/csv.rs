//! The report as comma-separated values (RFC 4180, but with line feeds alone), for spreadsheets and data frames.

use super::columns::{Entry, entries};
use super::{Report, Row, View};
use crate::network::Phase;

/// The rows of the report with all columns and raw numbers. The first line names the columns; sizes are in elements and bytes, and
/// what a row does not have is empty.
pub fn csv(report: &Report, view: View) -> String {
    let mut names: Vec<String> = NAMES.map(String::from).into();
    names.extend(report.table.columns.iter().cloned());
    let mut text = line(&names);
    for entry in entries(report, view.depth) {
        if let Entry::Row(row, _) = entry {
            text += &line(&cells(row));
        }
    }
    text
}

const NAMES: [&str; 20] = [
    "path",
    "head",
    "level",
    "type",
    "kind",
    "patch",
    "output",
    "depth",
    "parameters",
    "buffers",
    "multiply_adds",
    "activation_bytes",
    "field_height",
    "field_width",
    "stride_height",
    "stride_width",
    "padding_top",
    "padding_left",
    "uniform",
    "phase",
];

fn cells(row: &Row) -> Vec<String> {
    let field = row.receptive_field;
    let [height, width] = field.stride.map_or([String::new(), String::new()], |stride| stride.map(|n| n.to_string()));
    let phase = match row.phase {
        Phase::Training => "training",
        Phase::Always => "always",
    };
    let mut cells = vec![
        row.path.clone(),
        row.head.clone().unwrap_or_default(),
        row.level.to_string(),
        row.kind.clone(),
        row.word.clone(),
        row.patch.clone().unwrap_or_default(),
        row.output.to_string(),
        row.depth.to_string(),
        row.parameters.to_string(),
        row.buffers.to_string(),
        row.multiply_adds.to_string(),
        row.activation_bytes.to_string(),
        field.size[0].to_string(),
        field.size[1].to_string(),
        height,
        width,
        field.padding[0].to_string(),
        field.padding[1].to_string(),
        field.uniform.to_string(),
        phase.into(),
    ];
    cells.extend(row.values.iter().map(|value| value.clone().unwrap_or_default()));
    cells
}

fn line(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        let needs_quotes = cell.contains([',', '"', '\n', '\r']);
        if needs_quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}
