//! The rows of a network, as its report has them, and which row of one stands for which of the other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::CheckedNetwork;
use crate::network::{Content, Group, Source};

/// A row of the table, or a head. Groups of one name are one row.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) operations: Vec<Range<usize>>,
    pub(super) output: Source,
}

/// What two networks have in common: operations that stand for one another, and the names of such heads.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) operations: Vec<(usize, usize)>,
    pub(super) heads: Vec<(String, String)>,
}

/// The rows of the trunk, then the heads in the order of the outputs. Whatever only passes its input on is none.
pub(super) fn rows(checked: &CheckedNetwork) -> Vec<Row> {
    let network = checked.network();
    let heads = network.outputs.iter().map(|index| &network.heads[*index]);
    let groups = network.trunk.iter().flat_map(parts);
    let groups = groups.chain(heads.map(|head| (head.name.value.as_str(), &head.layers)));
    let mut rows: Vec<Row> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, group) in groups.filter(|(_, group)| !group.operations.is_empty()) {
        let index = *known.entry(name).or_insert(rows.len());
        if index == rows.len() {
            rows.push(Row { name: name.into(), operations: Vec::new(), output: group.output });
        }
        rows[index].operations.push(group.operations.clone());
        rows[index].output = group.output;
    }
    rows
}

/// The rows that a group of the trunk makes up, with their names: sequences are taken apart.
pub(super) fn parts(group: &Group) -> Vec<(&str, &Group)> {
    fn named<'g>(group: &'g Group, name: &'g str) -> Vec<(&'g str, &'g Group)> {
        match &group.content {
            Content::Sequence(children) | Content::Repeat(children) => {
                let name = |child: &'g Group| {
                    let counted = child.label.bytes().all(|byte| byte.is_ascii_digit());
                    if counted { child.path.as_str() } else { child.label.as_str() }
                };
                children.iter().flat_map(|child| named(child, name(child))).collect()
            }
            Content::Layer(_) | Content::Concat(_) | Content::Add(_) | Content::Call(_) => vec![(name, group)],
        }
    }
    named(group, &group.label)
}

/// For rows of the other network the row of the first that stands for it, one for one: heads as they are, and of the rest
/// those first that have most operations in common.
pub(super) fn partners(a: &[Row], b: &[Row], shared: &Shared) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    let named = |rows: &[Row], name: &str| rows.iter().position(|row| row.name == name);
    for (one, other) in &shared.heads {
        if let (Some(i), Some(j)) = (named(a, one), named(b, other)) {
            found.insert(j, i);
        }
    }
    let (of_a, of_b) = (by_operation(a), by_operation(b));
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (one, other) in &shared.operations {
        if let (Some(&i), Some(&j)) = (of_a.get(one), of_b.get(other)) {
            *counts.entry((i, j)).or_default() += 1;
        }
    }
    let mut counts: Vec<((usize, usize), usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&((i, j), count)| (std::cmp::Reverse(count), a[i].name != b[j].name));
    let mut taken: BTreeSet<usize> = found.values().copied().collect();
    for ((i, j), _) in counts {
        if !found.contains_key(&j) && taken.insert(i) {
            found.insert(j, i);
        }
    }
    found
}

/// The row of every operation.
fn by_operation(rows: &[Row]) -> BTreeMap<usize, usize> {
    let each =
        |(row, of): (usize, &Row)| of.operations.iter().cloned().flatten().map(move |index| (index, row)).collect();
    rows.iter().enumerate().flat_map::<Vec<_>, _>(each).collect()
}
