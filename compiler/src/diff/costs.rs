//! What differences cost: outputs, parameters and multiply-adds, row by row.

use serde::Serialize;

use super::units::{Unit, operations};
use crate::CheckedNetwork;
use crate::network::Source;
use crate::shape::Shape;

/// A row that does not come out the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CostRow {
    /// The row, by the first network's name.
    pub row: String,
    /// What it comes to in each network; `None` where it is absent.
    pub values: Vec<Option<Cost>>,
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

/// The rows that differ; `rows[k]` says for each unit of network `k + 1` in which row it is counted.
pub(super) fn costs(
    first: &CheckedNetwork,
    units: &[Unit],
    others: &[&CheckedNetwork],
    rows: &[Vec<(String, Vec<usize>)>],
) -> Vec<CostRow> {
    let own = units.iter().map(|unit| (unit.row.clone(), operations(unit)));
    let all = std::iter::once((first, own.collect::<Vec<_>>())).chain(others.iter().copied().zip(rows.iter().cloned()));
    let mut table: Vec<CostRow> = Vec::new();
    for (column, (checked, units)) in all.enumerate() {
        for (row, operations) in units {
            let Some(cost) = cost(checked, &operations) else { continue };
            add(&mut table, row, column, others.len() + 1, cost);
        }
    }
    table.retain(|row| row.values.iter().any(|value| *value != row.values[0]));
    table
}

fn add(table: &mut Vec<CostRow>, row: String, column: usize, columns: usize, cost: Cost) {
    let index = table.iter().position(|line| line.row == row).unwrap_or_else(|| {
        table.push(CostRow { row, values: vec![None; columns] });
        table.len() - 1
    });
    let value = &mut table[index].values[column];
    let before = value.unwrap_or(Cost { parameters: 0, multiply_adds: 0, ..cost });
    *value = Some(Cost {
        output: cost.output,
        parameters: before.parameters + cost.parameters,
        multiply_adds: before.multiply_adds + cost.multiply_adds,
    });
}

fn cost(checked: &CheckedNetwork, operations: &[usize]) -> Option<Cost> {
    let last = operations.last()?;
    Some(Cost {
        output: checked.shape(Source::Operation(*last)),
        parameters: operations.iter().map(|index| checked.parameters(*index)).sum(),
        multiply_adds: operations.iter().map(|index| checked.multiply_adds(*index)).sum(),
    })
}
