//! What differences cost: outputs, parameters and multiply-adds, row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::rows::{Row, Shared, partners, rows};
use crate::CheckedNetwork;
use crate::shape::Shape;

/// A row that does not come out the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CostRow {
    /// The row, by the first network's name, or the name in the first network that has it.
    pub row: String,
    /// The row's own name in each network; `None` where it is absent.
    pub names: Vec<Option<String>>,
    /// What it comes to in each network; `None` where it is absent.
    pub values: Vec<Option<Cost>>,
    /// What tables call it: `conv1`, or `conv1 / features.0` where names differ.
    #[serde(skip)]
    pub(super) words: String,
}

/// What a row hands on and costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cost {
    /// Shape of its output for one sample.
    pub output: Shape,
    /// Trainable numbers.
    pub parameters: u64,
    /// Multiply-adds for one sample.
    pub multiply_adds: u64,
}

/// The rows of each network that stand for one another; `None` where a network has none.
type Line = Vec<Option<usize>>;

/// The rows that differ; `shared[k]` is what network `k + 1` has in common with the first.
pub(super) fn costs(networks: &[&CheckedNetwork], shared: &[Shared]) -> Vec<CostRow> {
    let tables: Vec<Vec<Row>> = networks.iter().map(|checked| rows(checked)).collect();
    let mut table: Vec<CostRow> = Vec::new();
    for line in lines(&tables, shared) {
        let each = || line.iter().zip(&tables).map(|(index, rows)| index.map(|index| &rows[index]));
        let names: Vec<Option<String>> = each().map(|row| row.map(|row| row.name.clone())).collect();
        let values = each().zip(networks).map(|(row, checked)| row.map(|row| cost(checked, row))).collect();
        let row = names.iter().flatten().next().cloned().unwrap_or_default();
        let words = words(&row, &names, &tables);
        table.push(CostRow { row, names, values, words });
    }
    table.retain(|row| row.values.iter().any(|value| *value != row.values[0]));
    table
}

/// All rows of all networks, in the order of the first; rows that only another has come after those that they follow there.
fn lines(tables: &[Vec<Row>], shared: &[Shared]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (column, rows) in tables.iter().enumerate() {
        let partners = if column == 0 { BTreeMap::new() } else { partners(&tables[0], rows, &shared[column - 1]) };
        let taken: BTreeSet<usize> = partners.values().copied().collect();
        let mut next = 0;
        for (index, row) in rows.iter().enumerate() {
            // Of rows without a counterpart those of one name are still one line.
            let fits = |line: &Line| match (partners.get(&index), line[0]) {
                (Some(partner), first) => first == Some(*partner),
                (None, Some(first)) if taken.contains(&first) => false,
                (None, _) => {
                    line.iter().zip(tables).any(|(index, rows)| index.is_some_and(|i| rows[i].name == row.name))
                }
            };
            let position = lines.iter().position(|line| line[column].is_none() && fits(line)).unwrap_or_else(|| {
                lines.insert(next, vec![None; tables.len()]);
                next
            });
            lines[position][column] = Some(index);
            next = position + 1;
        }
    }
    lines
}

/// One name where no network calls something else by it, and every network's own otherwise.
fn words(row: &str, names: &[Option<String>], tables: &[Vec<Row>]) -> String {
    let plain = |(name, rows): (&Option<String>, &Vec<Row>)| {
        name.as_ref().map_or_else(|| rows.iter().all(|other| other.name != row), |name| name == row)
    };
    if names.iter().zip(tables).all(plain) {
        return row.to_owned();
    }
    names.iter().map(|name| name.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(" / ")
}

fn cost(checked: &CheckedNetwork, row: &Row) -> Cost {
    let operations = || row.operations.iter().cloned().flatten();
    Cost {
        output: checked.shape(row.output),
        parameters: operations().map(|index| checked.parameters(index)).sum(),
        multiply_adds: operations().map(|index| checked.multiply_adds(index)).sum(),
    }
}
