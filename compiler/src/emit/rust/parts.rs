//! The parts of a network as a table in the comment of its struct, beside the rows of the published table that the spec names.

use std::collections::BTreeMap;

use super::emitter::Emitter;
use crate::against;
use crate::network::Group;

impl Emitter<'_> {
    /// What the network is, then its parts: the trunk in execution order, and the heads in the order of the outputs.
    pub(super) fn network_documentation(&self) -> Vec<String> {
        let network = self.checked.network();
        let heads = network.outputs.iter().map(|index| &network.heads[*index].layers);
        let parts: Vec<&Group> = network.trunk.iter().chain(heads).collect();
        let rows = self.published_rows();
        let mut lines = vec![format!(" `{}`: {} in, logits out.", network.name.value, self.checked.input())];
        let mut header = vec!["part", "output", "does"];
        if let Some(table) = self.published {
            lines.push(format!(" Rows are those of {}.", one_line(&table.title)));
            header.insert(1, "row");
        }
        let mut cells: Vec<Vec<String>> = vec![header.into_iter().map(str::to_owned).collect()];
        for part in parts {
            let output = self.checked.shape(part.output).to_string();
            let mut row = vec![format!("`{}`", part.path), output, one_line(&self.summary(part))];
            if self.published.is_some() {
                let names = rows.range(part.operations.clone()).flat_map(|(_, names)| names.iter().map(String::as_str));
                row.insert(1, names.collect::<Vec<_>>().join(", "));
            }
            cells.push(row);
        }
        lines.push(" ".into());
        lines.extend(table(&cells));
        lines
    }

    /// The names of published rows, by the last operation that stands for each.
    fn published_rows(&self) -> BTreeMap<usize, Vec<String>> {
        let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let Some(table) = self.published else { return rows };
        for row in against::against(self.checked, table).rows {
            if let Some(operation) = row.operation {
                rows.entry(operation).or_default().push(one_line(&row.row));
            }
        }
        rows
    }
}

/// The widest that a column becomes for the sake of one cell.
const WIDEST: usize = 40;

/// Cells as a Markdown table whose columns stand below each other, but for the last; the first row is the header.
fn table(cells: &[Vec<String>]) -> Vec<String> {
    let columns = cells.first().map_or(0, Vec::len);
    let width = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let mut widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0).min(WIDEST)).collect();
    if let (Some(last), Some(header)) = (widths.last_mut(), cells.first().and_then(|header| header.last())) {
        *last = header.len();
    }
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}", width = *width));
        format!(" | {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let mut lines: Vec<String> = cells.iter().map(line).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    lines.insert(lines.len().min(1), format!(" |{}|", rule.join("|")));
    lines
}

/// Words of a data file where they can neither end a line nor a cell.
fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "/")
}
