//! The report as text with aligned columns.

use super::columns::columns;
use super::layout::{Align, Column, lay_out};
use super::numbers::{bytes, grouped, short};
use super::{Report, Total, View, sizes};
use crate::network::Phase;

/// The report for people, with all columns: Table 1, heads, totals. Ends with a newline.
pub fn human(report: &Report) -> String {
    human_with(report, View::default())
}

/// The report for people, as deep as wanted and as wide as there is room.
pub fn human_with(report: &Report, view: View) -> String {
    let mut text = format!("{}: {} -> {}\n\n", report.network, report.input, classes(report));
    let layout = lay_out(&columns(report, view.depth, "  "), view.width);
    text.push_str(&layout.text);
    if !layout.hidden.is_empty() {
        let (hidden, width) = (layout.hidden.join(", "), layout.full_width);
        text += &format!("(no room for {hidden}: --width {width} shows them)\n");
    }
    text.push('\n');
    for head in &report.heads {
        text += &format!("{}\n", head_line(head));
    }
    text += &format!("{}\n", depth(report));
    for line in sizes::lines(report) {
        text += &format!("{line}\n");
    }
    text.push('\n');
    text.push_str(&lay_out(&totals(report), view.width).text);
    text += &format!("{}\n", setting(report));
    text
}

pub(super) fn classes(report: &Report) -> String {
    let last = || report.tree.iter().rfind(|row| row.level == 1).map_or_else(String::new, |row| row.output.to_string());
    report.heads.first().map_or_else(last, |head| format!("{} classes", head.classes))
}

pub(super) fn head_line(head: &super::HeadLine) -> String {
    let when = match head.phase {
        Phase::Training => "only in training",
        Phase::Always => "always",
    };
    format!("head {}: from {}, {when}, loss weight {}", head.name, head.from, head.weight)
}

pub(super) fn depth(report: &Report) -> String {
    let to = report.heads.first().map_or("the output", |head| &head.name);
    let layers = if report.depth == 1 { "layer" } else { "layers" };
    format!("depth: {} {layers} with parameters, from the input to {to}", report.depth)
}

/// What the bytes are for.
pub(super) fn setting(report: &Report) -> String {
    let samples =
        if report.setting.batch == 1 { "1 sample".into() } else { format!("{} samples", report.setting.batch) };
    format!("memory for {samples} of {}", report.setting.element.name())
}

/// A row for each phase.
pub(super) fn totals(report: &Report) -> Vec<Column> {
    let totals = [report.totals.training, report.totals.inference];
    let column = |heading: &str, rank, cell: &dyn Fn(&Total) -> String| {
        Column::new(heading, Align::Right, rank, totals.iter().map(cell).collect())
    };
    let mut columns = vec![Column::new("total", Align::Left, 0, vec!["training".into(), "inference".into()])];
    columns.push(column("parameters", 0, &|total| grouped(total.parameters)).with_short(short));
    if report.totals.training.buffers > 0 {
        columns.push(column("buffers", 3, &|total| grouped(total.buffers)));
    }
    columns.push(column("multiply-adds", 0, &|total| grouped(total.multiply_adds)).with_short(short));
    columns.push(column("weights", 4, &|total| bytes(total.weight_bytes)));
    columns.push(column("activations", 2, &|total| bytes(total.activation_bytes)));
    columns.push(column("peak memory", 1, &|total| bytes(total.peak_bytes)));
    let place = |total: &Total| total.peak_at.and_then(|index| report.operations.get(index));
    columns.push(column("peak at", 5, &|total| place(total).map_or_else(String::new, |step| step.line.path.clone())));
    columns
}
