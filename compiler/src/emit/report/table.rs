//! The rows of the paper's Table 1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::total;
use crate::CheckedNetwork;
use crate::layers;
use crate::network::{Call, Content, Group, Head, Phase, Source};
use crate::shape::Shape;

/// The table that people read: type, patch/stride, output, depth, a column per parameter of the blocks, costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Names of the blocks' parameters, in order of appearance; the channel columns.
    pub columns: Vec<String>,
    /// The rows, in execution order but for the heads, which come after the trunk in the order of the outputs.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The head that it belongs to; `None` for the trunk.
    pub head: Option<String>,
    /// `inception (3a)`.
    #[serde(rename = "type")]
    pub kind: String,
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
    /// Multiply-adds for one sample.
    pub multiply_adds: u64,
    /// When it runs.
    pub phase: Phase,
}

pub(super) fn table(checked: &CheckedNetwork) -> Table {
    let network = checked.network();
    let mut groups: Vec<(Option<&Head>, &Group)> = Vec::new();
    for group in &network.trunk {
        groups.extend(unfold(group).into_iter().map(|group| (None, group)));
    }
    for index in &network.outputs {
        let head = &network.heads[*index];
        groups.extend(open(&head.layers).iter().flat_map(unfold).map(|group| (Some(head), group)));
    }
    let columns = columns(groups.iter().filter(|(head, _)| head.is_none()).map(|(_, group)| *group));
    let rows = groups.into_iter().map(|(head, group)| row(checked, head, group, &columns)).collect();
    Table { columns, rows }
}

/// A plain sequence is shown by its parts; a call or a concat is one row.
fn unfold(group: &Group) -> Vec<&Group> {
    match &group.content {
        Content::Sequence(children) | Content::Repeat(children) => children.iter().flat_map(unfold).collect(),
        Content::Layer(_) | Content::Concat(_) | Content::Add(_) | Content::Call(_) => vec![group],
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

fn row(checked: &CheckedNetwork, head: Option<&Head>, group: &Group, columns: &[String]) -> Row {
    let sum = total(checked, group.operations.clone(), |_| true);
    let value = |column: &String| match &group.content {
        Content::Call(call) => {
            call.arguments.iter().find(|argument| argument.name == *column).map(|argument| argument.value.clone())
        }
        Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => None,
    };
    Row {
        head: head.map(|head| head.name.value.clone()),
        kind: kind(group),
        patch: patch(checked, group),
        output: checked.shape(group.output),
        depth: depth(checked, group),
        values: columns.iter().map(value).collect(),
        parameters: sum.parameters,
        multiply_adds: sum.multiply_adds,
        phase: head.map_or(Phase::Always, |head| head.phase),
    }
}

fn kind(group: &Group) -> String {
    match &group.content {
        Content::Layer(keyword) => {
            let title = layers::find(keyword).map_or(*keyword, |kind| kind.title);
            // Items without a name of their own are only counted.
            if group.name.bytes().all(|byte| byte.is_ascii_digit()) {
                title.into()
            } else {
                format!("{title} ({})", group.label)
            }
        }
        Content::Call(Call { block, .. }) => format!("{block} ({})", group.label),
        Content::Add(_) => format!("add ({})", group.label),
        Content::Concat(_) | Content::Sequence(_) | Content::Repeat(_) => format!("concat ({})", group.label),
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
    let output = network.outputs.first().map(|index| network.heads[*index].layers.output);
    let Some(Source::Operation(last)) = output else { return 0 };
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
