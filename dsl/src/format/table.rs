//! Tables in columns: cells stand right-aligned under the names of their columns, the last column left-aligned.

use super::origin::{Origin, range};
use crate::Syntax;
use crate::tree::{RowContent, Table};

/// The pieces of a table in YAML.
pub(super) struct Yaml {
    /// `columns:`, with blanks behind it where the rows need them.
    pub(super) columns_label: String,
    /// `[n1x1, n3x3]`.
    pub(super) columns: String,
    /// Of each row the label, and the cells unless it is a plain row.
    pub(super) rows: Vec<(String, String)>,
}

/// Lines up the columns with the cells, which stand two blanks deeper.
pub(super) fn yaml(table: &Table) -> Yaml {
    const COLUMNS: usize = "columns:".len();
    const DEEPER: usize = 2;
    let labels = table.rows.iter().map(|row| row.name.value.chars().count() + 1);
    let has_cells = table.rows.iter().any(|row| matches!(row.content, RowContent::Cells(_)));
    let width = labels.max().unwrap_or_default().max(if has_cells { COLUMNS - DEEPER } else { 0 });
    let widths = widths(table);
    let bracketed = |cells: &[String]| format!("[{}]", padded(cells, &widths).join(", "));
    let rows = table.rows.iter().map(|row| {
        let label = format!("{:width$}", format!("{}:", row.name.value));
        (label, cells(&row.content).map(|cells| bracketed(&cells)).unwrap_or_default())
    });
    let rows = rows.collect();
    let columns_width = if has_cells { COLUMNS.max(width + DEEPER) } else { COLUMNS };
    Yaml { columns_label: format!("{:columns_width$}", "columns:"), columns: bracketed(&names(table)), rows }
}

/// The pieces of a table in the text language: the line of columns, and each row's line unless it is a plain row.
///
/// Bars between columns are no part of the tree: they stay where a text file has them, and otherwise stand between all
/// columns but those that belong together, such as `n3x3_reduce` and `n3x3`.
pub(super) fn text(table: &Table, origin: &Origin<'_>) -> (String, Vec<String>) {
    let is_cells = |content: &RowContent| matches!(content, RowContent::Cells(_));
    let names_of_rows = table.rows.iter().filter(|row| is_cells(&row.content)).map(|row| &row.name.value);
    let width = names_of_rows.map(|name| name.chars().count()).chain([3]).max().unwrap_or_default();
    let bars: Vec<&str> = (0..table.columns.len()).map(|index| bar(table, index, origin)).collect();
    let widths = widths(table);
    let line = |name: &str, cells: &[String]| {
        let cells = padded(cells, &widths);
        let cells =
            cells.iter().enumerate().map(|(index, cell)| bars.get(index).copied().unwrap_or(" ").to_owned() + cell);
        format!("{name:width$}{}", cells.collect::<String>())
    };
    let rows = table.rows.iter().map(|row| match cells(&row.content) {
        Some(cells) => line(&row.name.value, &cells),
        None => String::new(),
    });
    (line("row", &names(table)), rows.collect())
}

/// What stands before a column.
fn bar(table: &Table, index: usize, origin: &Origin<'_>) -> &'static str {
    let neighbours = index.checked_sub(1).and_then(|before| table.columns.get(before)).zip(table.columns.get(index));
    let Some((left, right)) = neighbours else { return " | " };
    let is_separate = match origin.syntax {
        Syntax::Text => {
            origin.text.get(range(left.span).end..right.span.start()).is_some_and(|text| text.contains('|'))
        }
        Syntax::Yaml => left.value.split('_').next() != right.value.split('_').next(),
    };
    if is_separate { " | " } else { " " }
}

fn names(table: &Table) -> Vec<String> {
    table.columns.iter().map(|column| column.value.clone()).collect()
}

fn cells(content: &RowContent) -> Option<Vec<String>> {
    match content {
        RowContent::Cells(cells) => Some(cells.iter().map(|cell| cell.value.to_string()).collect()),
        RowContent::Plain(_) => None,
    }
}

/// How wide each column is, but for the last, which needs no blanks.
fn widths(table: &Table) -> Vec<usize> {
    let mut widths: Vec<usize> = table.columns.iter().map(|column| column.value.chars().count()).collect();
    for cells in table.rows.iter().filter_map(|row| cells(&row.content)) {
        for (width, cell) in widths.iter_mut().zip(&cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    widths.pop();
    widths
}

fn padded(cells: &[String], widths: &[usize]) -> Vec<String> {
    let width = |index| widths.get(index).copied().unwrap_or_default();
    cells.iter().enumerate().map(|(index, cell)| format!("{cell:>width$}", width = width(index))).collect()
}
