//! Heads that only help training, beside what the authors of a table say of theirs.

use super::cells::{self, WINDOW, cell};
use super::published::{Auxiliary, Published};
use super::{Cell, ParityRow, Verdict, class, counts, is_patch};
use crate::CheckedNetwork;
use crate::diff::align::{Pair, pairs};
use crate::diff::attributes::Class;
use crate::diff::units::{Unit, head_path, op};
use crate::ops::Op;

/// All heads but the one that predicts, if the table says what those are like.
pub(super) fn heads(checked: &CheckedNetwork, table: &Published) -> Vec<ParityRow> {
    let network = checked.network();
    if table.auxiliary.is_empty() {
        return Vec::new();
    }
    let first = network.outputs.first();
    let others = network.heads.iter().enumerate().filter(|(index, _)| Some(index) != first);
    let head = |(_, head): (usize, &crate::network::Head)| {
        let path = head_path(checked, head);
        let units: Vec<&Unit> = path.iter().filter(|unit| counts(unit)).collect();
        ParityRow {
            row: head.name.value.clone(),
            kind: "head".into(),
            cells: layers(checked, &table.auxiliary, &units),
            operation: units.last().and_then(|unit| unit.operation),
        }
    };
    others.map(head).collect()
}

fn layers(checked: &CheckedNetwork, expected: &[Auxiliary], units: &[&Unit]) -> Vec<Cell> {
    let alike = |i: usize, j: usize| {
        let (wanted, unit) = (&expected[i], units[j]);
        let is_same = agrees(wanted, &words(checked, unit));
        if class(&wanted.kind) == unit.class { 10 + u32::from(is_same) } else { 0 }
    };
    let cell = |pair: Pair| match pair {
        Pair::Both(i, j) => {
            let (wanted, unit) = (&expected[i], units[j]);
            let found = words(checked, unit);
            let verdict = if agrees(wanted, &found) { Verdict::Agrees } else { Verdict::Differs };
            cell(&wanted.kind, wanted.words.clone(), found, verdict).at(unit.operation, slots(unit))
        }
        Pair::OnlyA(i) => cell(&expected[i].kind, expected[i].words.clone(), "absent".into(), Verdict::Differs),
        Pair::OnlyB(j) => {
            let unit = units[j];
            let found = format!("{} {}", unit.class.name(), words(checked, unit));
            cell("layers", "none more".into(), found.trim().into(), Verdict::Differs).at(unit.operation, &[])
        }
    };
    pairs(expected.len(), units.len(), alike).into_iter().map(cell).collect()
}

/// What nothing is said about agrees with everything.
fn agrees(wanted: &Auxiliary, found: &str) -> bool {
    wanted.words.is_empty() || is_patch(&wanted.words, found)
}

/// What is said about a layer: a window, a kernel and channels, features, or how much is dropped.
fn words(checked: &CheckedNetwork, unit: &Unit) -> String {
    let convolution = || cells::convolution(checked, unit).map(|found| format!("{} {}", found.kernel, found.channels));
    let features =
        || if let Op::Linear(linear) = op(checked, unit)? { Some(linear.features.to_string()) } else { None };
    let words = convolution().or_else(features).or_else(|| cells::dropped(checked, unit));
    words.unwrap_or_else(|| cells::patch(checked, unit).replace("none", "adaptive"))
}

/// The attributes that say it, where they stand side by side.
fn slots(unit: &Unit) -> &'static [&'static str] {
    if unit.class == Class::Dropout {
        &["probability"]
    } else if unit.class == Class::Pool {
        WINDOW
    } else if unit.class == Class::Linear {
        &["features"]
    } else {
        &[]
    }
}
