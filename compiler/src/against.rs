//! A network against a table that was published: what agrees, what does not, and what the table itself has wrong.
//!
//! Rows find their layers by kind, window and output, whatever a spec calls them. Weights are counted as such tables count
//! them, without biases and normalisations, multiply-adds for convolutions and linear layers. What follows from another
//! input or number of classes is no departure, and not compared.

mod cells;
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
    /// Layers of the network that the table does not have.
    pub extra: Vec<String>,
    /// What could not be compared, and why.
    pub not_compared: Vec<String>,
    /// What the table itself has wrong.
    pub errata: Vec<Note>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParityRow {
    /// Its name.
    pub row: String,
    /// What it is, `inception`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the table says about it, cell by cell.
    pub cells: Vec<Cell>,
}

/// A cell of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its column.
    pub column: String,
    /// What is printed.
    pub published: String,
    /// What the network has.
    pub found: String,
    /// How they compare.
    pub verdict: Verdict,
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
    let units: Vec<&Unit> = path.iter().filter(|unit| counts(unit)).collect();
    let expected: Vec<Expected<'_>> = table.rows.iter().flat_map(|row| expected(row, table)).collect();
    let aligned = pairs(expected.len(), units.len(), |i, j| likeness(checked, &expected[i], units[j]));
    let found_of = |row: &Row| -> Vec<&Unit> {
        let both = aligned.iter().filter_map(|pair| match *pair {
            Pair::Both(i, j) if expected[i].row.name == row.name => Some(units[j]),
            Pair::Both(..) | Pair::OnlyA(_) | Pair::OnlyB(_) => None,
        });
        both.collect()
    };
    let extra = aligned.iter().filter_map(|pair| match *pair {
        Pair::OnlyB(j) => Some(crate::diff::unit_words(checked, units[j])),
        Pair::Both(..) | Pair::OnlyA(_) => None,
    });
    let conditions = cells::Conditions::new(checked, table);
    let first = table.rows.iter().find(|row| row.params.is_some()).map(|row| row.name.as_str());
    let row = |row: &Row| ParityRow {
        row: row.name.clone(),
        kind: row.kind.clone(),
        cells: cells::cells(checked, table, row, &found_of(row), &conditions.of(row, first)),
    };
    Parity {
        schema_version: 1,
        network: checked.network().name.value.clone(),
        table: table.title.clone(),
        rows: table.rows.iter().map(row).collect(),
        extra: extra.collect(),
        not_compared: conditions.words(table, first),
        errata: table.errata.iter().enumerate().map(|(index, erratum)| note(index + 1, erratum, table)).collect(),
    }
}

impl Parity {
    /// Whether nothing departs from the table but for what the table has wrong.
    pub fn agrees(&self) -> bool {
        self.extra.is_empty() && self.departures().next().is_none()
    }

    /// The rows with cells that differ.
    pub fn departures(&self) -> impl Iterator<Item = &ParityRow> {
        self.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.verdict == Verdict::Differs))
    }
}

/// Layers that tables of this kind have rows for.
fn counts(unit: &Unit) -> bool {
    match unit.class {
        Class::Convolution | Class::Linear | Class::Pool | Class::Fork => true,
        Class::Start
        | Class::Norm
        | Class::LocalNorm
        | Class::Activation
        | Class::Dropout
        | Class::Flatten
        | Class::Scale
        | Class::Affine
        | Class::Softmax => false,
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
    let class = match row.kind.as_str() {
        "convolution" => Class::Convolution,
        "max pool" | "avg pool" => Class::Pool,
        "linear" => Class::Linear,
        _ => Class::Fork,
    };
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
