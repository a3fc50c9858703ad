//! The rows of the paper's Table 1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Facts;
use crate::CheckedNetwork;
use crate::analysis::receptive::Field;
use crate::layers;
use crate::network::{Content, Group, Head, Phase, Source};
use crate::shape::Shape;

/// The table that people read: type, patch/stride, output, depth, a column per parameter of the blocks, costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Table {
    /// Names of the blocks' parameters, in order of appearance; the channel columns.
    pub columns: Vec<String>,
    /// The rows, in execution order but for the heads, which come after the trunk in the order of the outputs.
    pub rows: Vec<Row>,
}

/// A part of the network, with all that is known about it: a row of the table, or a node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// The head that it belongs to; `None` for the trunk.
    pub head: Option<String>,
    /// How deep it lies: 1 for an item of the trunk or a head.
    pub level: usize,
    /// Its whole path.
    pub path: String,
    /// The last part of its path: the author's name, or its position in a sequence.
    pub name: String,
    /// As the paper's table says it: `inception (3a)`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The layer's keyword, the block's name, or `sequence`, `concat`, `add`, `repeat`.
    #[serde(rename = "kind")]
    pub word: String,
    /// `7x7/2`, where there is one window.
    pub patch: Option<String>,
    /// Shape of the output for one sample.
    pub output: Shape,
    /// Layers with parameters on the longest path through the row.
    pub depth: u64,
    /// A value per column, where the row has it.
    pub values: Vec<Option<String>>,
    /// Trainable numbers.
    pub parameters: u64,
    /// Numbers that are saved with the network but not trained by gradient, such as running statistics.
    pub buffers: u64,
    /// Multiply-adds for one sample.
    pub multiply_adds: u64,
    /// Bytes of all values that its operations make in training.
    pub activation_bytes: u64,
    /// What one position of the output sees of the network's input.
    pub receptive_field: Field,
    /// When it runs.
    pub phase: Phase,
}

/// The rows of the paper's table, and every group as a tree.
pub(super) fn rows(facts: &Facts<'_>) -> (Table, Vec<Row>) {
    let network = facts.checked.network();
    let heads: Vec<&Head> = network.outputs.iter().map(|index| &network.heads[*index]).collect();
    let mut table: Vec<(Option<&Head>, usize, &Group)> = Vec::new();
    let mut tree: Vec<(Option<&Head>, usize, &Group)> = Vec::new();
    for group in &network.trunk {
        table.extend(unfold(group, 1).into_iter().map(|(level, group)| (None, level, group)));
        tree.extend(below(group, 1).into_iter().map(|(level, group)| (None, level, group)));
    }
    for head in heads {
        let rows = open(&head.layers).iter().flat_map(|group| unfold(group, 2));
        table.extend(rows.map(|(level, group)| (Some(head), level, group)));
        tree.extend(below(&head.layers, 1).into_iter().map(|(level, group)| (Some(head), level, group)));
    }
    let columns = columns(table.iter().filter(|(head, ..)| head.is_none()).map(|(_, _, group)| *group));
    let row = |(head, level, group)| row(facts, head, level, group, &columns);
    let rows = table.into_iter().map(row).collect();
    let tree = tree.into_iter().map(row).collect();
    (Table { columns, rows }, tree)
}

/// A group and everything in it, parents first, with levels.
fn below(group: &Group, level: usize) -> Vec<(usize, &Group)> {
    let children = group.content.children().iter().flat_map(|child| below(child, level + 1));
    std::iter::once((level, group)).chain(children).collect()
}

/// A plain sequence is shown by its parts; a call, a concat or an add is one row.
fn unfold(group: &Group, level: usize) -> Vec<(usize, &Group)> {
    match &group.content {
        Content::Sequence(children) | Content::Repeat(children) => {
            children.iter().flat_map(|child| unfold(child, level + 1)).collect()
        }
        Content::Layer(_) | Content::Concat(_) | Content::Add(_) | Content::Call(_) => vec![(level, group)],
    }
}

/// The layers of a head, also when a block holds them.
fn open(group: &Group) -> &[Group] {
    match &group.content {
        Content::Layer(_) | Content::Concat(_) | Content::Add(_) => std::slice::from_ref(group),
        Content::Sequence(_) | Content::Repeat(_) | Content::Call(_) => group.content.children(),
    }
}

fn columns<'a>(groups: impl Iterator<Item = &'a Group>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for group in groups {
        let Content::Call(call) = &group.content else { continue };
        for argument in &call.arguments {
            if !columns.contains(&argument.name) {
                columns.push(argument.name.clone());
            }
        }
    }
    columns
}

fn row(facts: &Facts<'_>, head: Option<&Head>, level: usize, group: &Group, columns: &[String]) -> Row {
    let checked = facts.checked;
    let sum = facts.total(group.operations.clone(), |_| true);
    let value = |column: &String| match &group.content {
        Content::Call(call) => {
            call.arguments.iter().find(|argument| argument.name == *column).map(|argument| argument.value.clone())
        }
        Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => None,
    };
    Row {
        head: head.map(|head| head.name.value.clone()),
        level,
        path: group.path.clone(),
        name: group.name.clone(),
        kind: kind(group),
        word: word(group).into(),
        patch: patch(checked, group),
        output: checked.shape(group.output),
        depth: depth(checked, group),
        values: columns.iter().map(value).collect(),
        parameters: sum.parameters,
        buffers: sum.buffers,
        multiply_adds: sum.multiply_adds,
        activation_bytes: sum.activation_bytes,
        receptive_field: facts.field(group.output),
        phase: head.map_or(Phase::Always, |head| head.phase),
    }
}

fn word(group: &Group) -> &str {
    match &group.content {
        Content::Layer(keyword) => keyword,
        Content::Call(call) => &call.block,
        Content::Sequence(_) => "sequence",
        Content::Concat(_) => "concat",
        Content::Add(_) => "add",
        Content::Repeat(_) => "repeat",
    }
}

fn kind(group: &Group) -> String {
    let word = match &group.content {
        Content::Layer(keyword) => layers::find(keyword).map_or(*keyword, |kind| kind.title),
        Content::Call(call) => &call.block,
        Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => word(group),
    };
    // Items without a name of their own are only counted, and calls among them are told apart by their paths.
    let is_named = !group.name.bytes().all(|byte| byte.is_ascii_digit());
    let (is_call, is_row) = match &group.content {
        Content::Call(call) => (true, call.row.is_some()),
        Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => {
            (false, false)
        }
    };
    if is_named || is_row {
        format!("{word} ({})", group.label)
    } else if is_call {
        format!("{word} ({})", group.path)
    } else {
        word.into()
    }
}

fn patch(checked: &CheckedNetwork, group: &Group) -> Option<String> {
    let Content::Layer(_) = group.content else { return None };
    let operations = &checked.network().operations;
    let mut patches = group.operations.clone().map(|index| {
        let input = operations[index].inputs.first().copied().unwrap_or(Source::Input);
        operations[index].op.rule().patch(checked.shape(input))
    });
    patches.find_map(|patch| patch)
}

/// Layers with parameters on the longest path through a group.
fn depth(checked: &CheckedNetwork, group: &Group) -> u64 {
    let depths = depths(checked, group.operations.clone());
    group.operations.clone().map(|index| depths[&index]).max().unwrap_or(0)
}

/// Layers with parameters on the longest path from the input to the first output.
pub(super) fn network_depth(checked: &CheckedNetwork) -> u64 {
    let network = checked.network();
    let Source::Operation(last) = network.output() else { return 0 };
    depths(checked, 0..network.operations.len())[&last]
}

/// For each operation, the layers with parameters on the longest path that ends with it, within `operations`.
fn depths(checked: &CheckedNetwork, operations: std::ops::Range<usize>) -> BTreeMap<usize, u64> {
    let mut depths: BTreeMap<usize, u64> = BTreeMap::new();
    for index in operations {
        let operation = &checked.network().operations[index];
        let before = operation.inputs.iter().map(|source| match source {
            Source::Operation(from) => depths.get(from).copied().unwrap_or(0),
            Source::Input | Source::Unknown => 0,
        });
        let before = before.max().unwrap_or(0);
        depths.insert(index, before + u64::from(operation.op.rule().counts_as_depth()));
    }
    depths
}
