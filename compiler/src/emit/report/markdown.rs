//! The report in Markdown, for a README or a pull request.

use super::columns::columns;
use super::human::{classes, depth, head_line, setting, totals};
use super::layout::{Align, Column};
use super::{Report, View, sizes};

/// The report with all columns as Markdown tables. Ends with a newline.
pub fn markdown(report: &Report, view: View) -> String {
    let mut text = format!("**{}**: {} -> {}\n\n", report.network, report.input, classes(report));
    // Blanks at the start of a cell would be lost.
    text += &table(&columns(report, view.depth, "&emsp;"));
    text.push('\n');
    for head in &report.heads {
        text += &format!("- {}\n", head_line(head));
    }
    text += &format!("- {}\n", depth(report));
    for line in sizes::lines(report) {
        text += &format!("- {line}\n");
    }
    text.push('\n');
    text += &table(&totals(report));
    text += &format!("\n{}\n", setting(report));
    text
}

fn table(columns: &[Column]) -> String {
    let mut text = line(columns.iter().map(|column| column.heading.as_str()));
    text += &line(columns.iter().map(|column| match column.align {
        Align::Left => "---",
        Align::Right => "---:",
    }));
    for row in 0..columns.iter().map(|column| column.cells.len()).max().unwrap_or(0) {
        text += &line(columns.iter().map(|column| column.cells.get(row).map_or("", String::as_str)));
    }
    text
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}
