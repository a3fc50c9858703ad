//! Which unit of one network stands where which unit of the other does. Networks name their parts differently, so it goes
//! by what the parts are.

use super::units::{Unit, op};
use crate::CheckedNetwork;

/// The largest table of the alignment; longer sequences are laid side by side as they come.
const LARGEST_TABLE: usize = 1 << 22;

/// Forks with more pairs of branches than this, and longer branches, are laid side by side as they come, too.
const MOST_BRANCHES: usize = 1 << 10;
const LONGEST_BRANCH: usize = 1 << 6;

/// A pair of indices, or one that has no counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    Both(usize, usize),
    OnlyA(usize),
    OnlyB(usize),
}

/// A network and a sequence of its units.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) checked: &'a CheckedNetwork,
    pub(super) units: &'a [Unit],
}

/// The alignment of two sequences of units.
pub(super) fn align(a: Side<'_>, b: Side<'_>) -> Vec<Pair> {
    pairs(a.units.len(), b.units.len(), |i, j| likeness(a, &a.units[i], b, &b.units[j]))
}

/// The alignment with the largest sum of likenesses; order is kept, as in a longest common subsequence. Things of no
/// likeness are never paired.
pub(crate) fn pairs(rows: usize, columns: usize, likeness: impl Fn(usize, usize) -> u32) -> Vec<Pair> {
    if (rows + 1).saturating_mul(columns + 1) > LARGEST_TABLE {
        return side_by_side(rows, columns);
    }
    let table = best(rows, columns, &likeness);
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < rows || j < columns {
        let like = if i < rows && j < columns { likeness(i, j) } else { 0 };
        if like > 0 && table[i][j] == table[i + 1][j + 1] + like {
            pairs.push(Pair::Both(i, j));
            (i, j) = (i + 1, j + 1);
        } else if i < rows && table[i][j] == table[i + 1][j] {
            pairs.push(Pair::OnlyA(i));
            i += 1;
        } else {
            pairs.push(Pair::OnlyB(j));
            j += 1;
        }
    }
    pairs
}

/// `table[i][j]`: the best sum for what is left from `i` and `j` on.
fn best(rows: usize, columns: usize, likeness: impl Fn(usize, usize) -> u32) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let like = likeness(i, j);
            let together = if like == 0 { 0 } else { table[i + 1][j + 1] + like };
            table[i][j] = together.max(table[i + 1][j]).max(table[i][j + 1]);
        }
    }
    table
}

fn side_by_side(rows: usize, columns: usize) -> Vec<Pair> {
    let shared = rows.min(columns);
    let mut pairs: Vec<Pair> = (0..shared).map(|index| Pair::Both(index, index)).collect();
    pairs.extend((shared..rows).map(Pair::OnlyA));
    pairs.extend((shared..columns).map(Pair::OnlyB));
    pairs
}

/// How much two units are alike; 0 when neither can stand for the other. What they are counts most, then their geometry,
/// then their width and name.
fn likeness(a: Side<'_>, one: &Unit, b: Side<'_>, other: &Unit) -> u32 {
    if one.class != other.class {
        return 0;
    }
    let geometry = |side: Side<'_>, unit: &Unit| {
        op(side.checked, unit).and_then(|op| op.rule().window().map(|window| (window.kernel, window.stride)))
    };
    let same_geometry = match (geometry(a, one), geometry(b, other)) {
        (Some((kernel, stride)), Some((other_kernel, other_stride))) => {
            6 * u32::from(kernel == other_kernel) + 2 * u32::from(stride == other_stride)
        }
        (None, None) => 8,
        (Some(_), None) | (None, Some(_)) => 0,
    };
    10 + same_geometry + 4 * u32::from(one.output == other.output) + u32::from(one.row == other.row)
}

/// Which branch of one fork stands for which of the other: the pairs that differ least come first.
pub(super) fn branches(a: &CheckedNetwork, one: &Unit, b: &CheckedNetwork, other: &Unit) -> Vec<Pair> {
    let (rows, columns) = (one.branches.len(), other.branches.len());
    if rows.saturating_mul(columns) > MOST_BRANCHES {
        return side_by_side(rows, columns);
    }
    let mut candidates: Vec<(u32, usize, usize, usize)> = Vec::new();
    for (i, branch) in one.branches.iter().enumerate() {
        for (j, candidate) in other.branches.iter().enumerate() {
            let (a, b) = (Side { checked: a, units: branch }, Side { checked: b, units: candidate });
            candidates.push((distance(a, b), i.abs_diff(j), i, j));
        }
    }
    candidates.sort_unstable();
    let mut partner = vec![None; rows];
    let mut taken = vec![false; columns];
    for (_, _, i, j) in candidates {
        if partner[i].is_none() && !taken[j] {
            partner[i] = Some(j);
            taken[j] = true;
        }
    }
    let pair = |(i, j): (usize, Option<usize>)| j.map_or(Pair::OnlyA(i), |j| Pair::Both(i, j));
    let mut pairs: Vec<Pair> = partner.into_iter().enumerate().map(pair).collect();
    pairs.extend(taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(j, _)| Pair::OnlyB(j)));
    pairs
}

/// What the best alignment leaves over of both; 0 for branches that are alike in every way that counts.
fn distance(a: Side<'_>, b: Side<'_>) -> u32 {
    if a.units.len().max(b.units.len()) > LONGEST_BRANCH {
        return 0;
    }
    let sum = |a: Side<'_>, b: Side<'_>| {
        best(a.units.len(), b.units.len(), |i, j| likeness(a, &a.units[i], b, &b.units[j]))[0][0]
    };
    (sum(a, a) + sum(b, b)).saturating_sub(2 * sum(a, b))
}
