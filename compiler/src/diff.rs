//! What networks do differently: what every layer does, where it stands, when heads run; and what follows for shapes and
//! costs.
//!
//! Names do not count, since everybody names the parts of a network differently; nor does how a spec groups them. The
//! main path of one network, from the input to the first output, is laid beside the other's: layers of one kind whose
//! order agrees, so that as much as possible of both finds its counterpart. Branches find theirs by what they do.

pub(crate) mod align;
pub(crate) mod attributes;
mod compare;
mod costs;
mod merge;
mod print;
mod rows;
pub(crate) mod units;
mod words;

use serde::Serialize;

use crate::CheckedNetwork;
use crate::report::{Totals, totals};

pub use costs::{Cost, CostRow};
pub use print::{human, json, markdown};
pub(crate) use words::{branch_words, unit_words};

/// Networks compared with the first of them. Serialised, it is what `--format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// Version of this structure; it grows when a field changes its meaning.
    pub schema_version: u32,
    /// The networks; the others are compared with the first.
    pub networks: Vec<Compared>,
    /// What they do differently, in the order of the first network.
    pub differences: Vec<Difference>,
    /// The rows whose output, parameters or multiply-adds differ, which follows from the differences.
    pub costs: Vec<CostRow>,
}

/// A network that is compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Compared {
    /// What tables call it: the spec's name.
    pub spec: String,
    /// The network's own name.
    pub network: String,
    /// Its sums.
    pub totals: Totals,
}

/// Something that is not the same in all networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The places in words: `conv1 to conv3, 3a to 5b (branch1)`.
    #[serde(rename = "where")]
    pub place: String,
    /// What differs: `conv bias`, `activation after pool`.
    pub what: String,
    /// What it is in each network.
    pub values: Vec<String>,
    /// Every place.
    pub places: Vec<Place>,
}

/// A place, by the names of the first network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// A row of the table, or a head; `before X` for what only another network has.
    pub row: String,
    /// The path below it, empty for the row itself; the other network's name of a row that only it has.
    pub at: String,
}

/// Compares networks with the first of them. Each comes with what tables shall call it.
pub fn diff(first: (&str, &CheckedNetwork), others: &[(&str, &CheckedNetwork)]) -> Diff {
    let aligned: Vec<compare::Aligned> = others.iter().map(|(_, other)| compare::compare(first.1, other)).collect();
    let (findings, shared): (Vec<_>, Vec<_>) =
        aligned.into_iter().map(|aligned| (aligned.findings, aligned.shared)).unzip();
    let own = paths(first.1);
    let checked: Vec<&CheckedNetwork> = std::iter::once(&first).chain(others).map(|(_, checked)| *checked).collect();
    let differences = merge::merge(&merge::Places::new(own.iter()), &findings);
    // Networks that do the same may still group it into other rows, which is no difference.
    let costs = if differences.is_empty() { Vec::new() } else { costs::costs(&checked, &shared) };
    let compared = |(spec, checked): &(&str, &CheckedNetwork)| Compared {
        spec: (*spec).to_owned(),
        network: checked.network().name.value.clone(),
        totals: totals(checked),
    };
    Diff {
        schema_version: 1,
        networks: std::iter::once(&first).chain(others).map(compared).collect(),
        differences,
        costs,
    }
}

/// The units of the main path and of all other heads.
fn paths(checked: &CheckedNetwork) -> Vec<units::Unit> {
    let network = checked.network();
    let mut all = units::main_path(checked);
    for index in network.outputs.iter().skip(1) {
        all.extend(units::head_path(checked, &network.heads[*index]));
    }
    all
}

impl Diff {
    /// Whether all networks do the same.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }
}
