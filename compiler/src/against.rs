//! A network against a table that was published: what agrees, what does not, and what the table itself has wrong.
//!
//! Rows find their layers by kind, window and output, whatever a spec calls them. Weights are counted as such tables count
//! them, without biases and normalisations, multiply-adds for convolutions and linear layers. What follows from another
//! input or number of classes is no departure, and not compared.

mod cells;
mod conditions;
mod heads;
pub(crate) mod lost;
pub(crate) mod named;
mod print;
mod published;

use serde::Serialize;

use crate::CheckedNetwork;
use crate::diff::align::{Pair, pairs};
use crate::diff::attributes::Class;
use crate::diff::units::{Unit, main_path, op};
use crate::network::Source;
use crate::shape::Shape;

pub use print::{human, json};
pub use published::{Correction, Erratum, Published, read};

use published::{Row, Step};

/// A network beside a published table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Parity {
    /// Version of this structure; it grows when a field changes its meaning.
    pub schema_version: u32,
    /// The network's name.
    pub network: String,
    /// Where the table was published.
    pub table: String,
    /// Every row of the table.
    pub rows: Vec<ParityRow>,
    /// Heads that only help training, beside what the table's authors say of theirs.
    pub heads: Vec<ParityRow>,
    /// Layers of the network that the table does not have.
    pub extra: Vec<String>,
    /// Their operations.
    #[serde(skip)]
    pub(crate) extra_operations: Vec<usize>,
    /// What could not be compared, and why.
    pub not_compared: Vec<String>,
    /// What the table itself has wrong.
    pub errata: Vec<Note>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ParityRow {
    /// Its name.
    pub row: String,
    /// What it is, `inception`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the table says about it, cell by cell.
    pub cells: Vec<Cell>,
    /// The last operation of the network that stands for the row.
    #[serde(skip)]
    pub(crate) operation: Option<usize>,
}

/// A cell of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cell {
    /// Its column.
    pub column: String,
    /// What is printed.
    pub published: String,
    /// What the network has.
    pub found: String,
    /// How they compare.
    pub verdict: Verdict,
    /// What the table ought to say: the published value, unless that is an erratum.
    #[serde(skip)]
    pub(crate) right: String,
    /// The operation that has what was found, and the attributes that say it.
    #[serde(skip)]
    pub(crate) place: Option<(usize, &'static [&'static str])>,
}

/// How a printed value and a network's compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They are the same, as far as the table is exact.
    Agrees,
    /// They are not, but the network has what the table ought to say; the number counts the errata from 1.
    Erratum(usize),
    /// They are not.
    Differs,
    /// What would be compared follows from another input or number of classes.
    NotCompared,
}

/// An erratum in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// Counted from 1.
    pub number: usize,
    /// The row, or `total`.
    pub row: String,
    /// Printed, right and explained values.
    pub values: Vec<String>,
    /// The explanation.
    pub why: String,
}

/// Compares a network with a table.
pub fn against(checked: &CheckedNetwork, table: &Published) -> Parity {
    let path = main_path(checked);
    let Aligned { found, extra } = align(checked, table, &path);
    let conditions = conditions::Conditions::new(checked, table);
    let first = table.rows.iter().find(|row| row.params.is_some()).map(|row| row.name.as_str());
    let row = |(row, units): (&Row, &Vec<&Unit>)| ParityRow {
        row: row.name.clone(),
        kind: row.kind.clone(),
        cells: cells::cells(checked, table, row, units, &conditions.of(row, first)),
        operation: units.last().and_then(|unit| unit.operation),
    };
    Parity {
        schema_version: 1,
        network: checked.network().name.value.clone(),
        table: table.title.clone(),
        rows: table.rows.iter().zip(&found).map(row).collect(),
        heads: heads::heads(checked, table),
        extra: extra.iter().map(|unit| crate::diff::unit_words(checked, unit)).collect(),
        extra_operations: extra.iter().filter_map(|unit| unit.operation).collect(),
        not_compared: conditions.words(table, first),
        errata: table.errata.iter().enumerate().map(|(index, erratum)| note(index + 1, erratum, table)).collect(),
    }
}

/// Which layers of a network stand for which rows of a table.
struct Aligned<'u> {
    /// By row, in the table's order.
    found: Vec<Vec<&'u Unit>>,
    /// Layers that the table does not have.
    extra: Vec<&'u Unit>,
}

fn align<'u>(checked: &CheckedNetwork, table: &Published, path: &'u [Unit]) -> Aligned<'u> {
    let units: Vec<&Unit> = path.iter().filter(|unit| counts(unit)).collect();
    let expected: Vec<(usize, Expected<'_>)> = table
        .rows
        .iter()
        .enumerate()
        .flat_map(|(index, row)| expected(row, table).into_iter().map(move |layer| (index, layer)))
        .collect();
    let mut aligned = Aligned { found: vec![Vec::new(); table.rows.len()], extra: Vec::new() };
    for pair in pairs(expected.len(), units.len(), |i, j| likeness(checked, &expected[i].1, units[j])) {
        match pair {
            Pair::Both(i, j) => aligned.found[expected[i].0].push(units[j]),
            Pair::OnlyA(_) => {}
            Pair::OnlyB(j) => aligned.extra.push(units[j]),
        }
    }
    aligned
}

impl Parity {
    /// Whether nothing departs from the table but for what the table has wrong.
    pub fn agrees(&self) -> bool {
        self.extra.is_empty() && self.departures().next().is_none()
    }

    /// The rows and heads with cells that differ.
    pub fn departures(&self) -> impl Iterator<Item = &ParityRow> {
        self.rows.iter().chain(&self.heads).filter(|row| row.cells.iter().any(|cell| cell.verdict == Verdict::Differs))
    }
}

/// Layers that tables of this kind have rows for.
fn counts(unit: &Unit) -> bool {
    match unit.class {
        Class::Convolution | Class::Linear | Class::Pool | Class::Fork | Class::Dropout => true,
        Class::Start
        | Class::Norm
        | Class::LocalNorm
        | Class::Activation
        | Class::Flatten
        | Class::Scale
        | Class::Affine
        | Class::Softmax => false,
    }
}

/// What a kind of row stands for.
fn class(kind: &str) -> Class {
    match kind {
        "convolution" => Class::Convolution,
        "max pool" | "avg pool" => Class::Pool,
        "linear" => Class::Linear,
        _ if kind.starts_with("dropout") => Class::Dropout,
        _ => Class::Fork,
    }
}

/// A layer that a row stands for.
struct Expected<'t> {
    row: &'t Row,
    class: Class,
    /// `3x3/1`, or only the kernel.
    patch: Option<String>,
    output: Option<&'t [u64]>,
}

fn expected<'t>(row: &'t Row, table: &Published) -> Vec<Expected<'t>> {
    let class = class(&row.kind);
    let last = Expected { row, class, patch: row.patch.clone(), output: Some(&row.output) };
    match steps(row, table) {
        // A convolution whose channels are said in several columns is several convolutions.
        Some(steps) if class == Class::Convolution => {
            let before = steps[..steps.len().saturating_sub(1)].iter().filter_map(|step| match step {
                Step::Conv { kernel, .. } => Some(kernel.clone()),
                Step::Pool => None,
            });
            let before = before.map(|kernel| Expected { row, class, patch: Some(kernel), output: None });
            before.chain([last]).collect()
        }
        Some(_) | None => vec![last],
    }
}

/// The branch whose columns a row fills, where it fills those of just one.
fn steps<'t>(row: &Row, table: &'t Published) -> Option<&'t [Step]> {
    let filled = |branch: &&Vec<Step>| {
        branch.iter().all(|step| match step {
            Step::Conv { column, .. } => row.channels.contains_key(column),
            Step::Pool => false,
        })
    };
    let mut branches = table.branches.iter().filter(filled);
    branches.next().filter(|_| branches.next().is_none()).map(Vec::as_slice)
}

fn likeness(checked: &CheckedNetwork, expected: &Expected<'_>, unit: &Unit) -> u32 {
    if expected.class != unit.class {
        return 0;
    }
    let patch = expected.patch.as_deref().is_none_or(|wanted| is_patch(wanted, &cells::patch(checked, unit)));
    let output = expected.output.is_none_or(|sizes| unit.output.is_some_and(|shape| shape.sizes() == sizes));
    10 + 6 * u32::from(patch) + 4 * u32::from(output) + u32::from(expected.row.name == unit.row)
}

/// Whether a window is the one that is printed; a global pool has no stride, and a step of a branch only a kernel.
fn is_patch(wanted: &str, found: &str) -> bool {
    let kernel = |patch: &str| patch.split('/').next().unwrap_or_default().to_owned();
    wanted == found || (wanted.contains('/') != found.contains('/') && kernel(wanted) == kernel(found))
}

fn note(number: usize, erratum: &Erratum, table: &Published) -> Note {
    let row = table.rows.iter().find(|row| row.name == erratum.row);
    let mut values = Vec::new();
    let mut add = |column: &str, printed: Option<f64>, correction: Option<Correction>, unit: f64, letter: char| {
        let Some(correction) = correction else { return };
        let right = cells::rounded(correction.correct / unit);
        values.push(match printed {
            Some(printed) => format!("{column} {printed}{letter} is printed, {right}{letter} is right"),
            None => format!("{column} {right}{letter} is right"),
        });
    };
    add("params", row.and_then(|row| row.params), erratum.params, table.thousand, 'K');
    add("ops", row.and_then(|row| row.ops), erratum.ops, 1e6, 'M');
    Note { number, row: erratum.row.clone(), values, why: erratum.why.clone() }
}

/// The shape that a unit hands on, in words.
fn output(checked: &CheckedNetwork, unit: &Unit) -> Option<Shape> {
    op(checked, unit)?;
    unit.operation.map(|index| checked.shape(Source::Operation(index)))
}
