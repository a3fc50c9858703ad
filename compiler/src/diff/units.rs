//! A network as its main path: one unit after the other, however the spec nests, names and groups them.

use super::attributes::{Class, class};
use super::rows::parts;
use crate::CheckedNetwork;
use crate::network::{Content, Group, Head, Source};
use crate::ops::Op;
use crate::shape::Shape;

/// One step of the main path, of a branch, or of a head.
pub(crate) struct Unit {
    /// What it belongs to: the label of a row of the table, or the name of a head.
    pub(crate) row: String,
    /// Its path below the row; empty when it is the row itself.
    pub(crate) at: String,
    /// The operation, or the operation that joins the branches; none where a sequence starts.
    pub(crate) operation: Option<usize>,
    /// What kind of operation that is.
    pub(crate) class: Class,
    /// The branches of a fork.
    pub(crate) branches: Vec<Vec<Unit>>,
    /// Normalisations and non-linearities that come right after it.
    pub(crate) followers: Vec<usize>,
    /// What it hands on, without its followers, which keep the shape.
    pub(crate) output: Option<Shape>,
}

/// The trunk and the head that predicts, as one path.
pub(crate) fn main_path(checked: &CheckedNetwork) -> Vec<Unit> {
    let network = checked.network();
    let mut path = Path::new(checked, "input");
    for group in &network.trunk {
        for (row, part) in parts(group) {
            path.inside(part, row, &part.path);
        }
    }
    if let Some(head) = network.outputs.first().map(|index| &network.heads[*index]) {
        path.inside(&head.layers, &head.name.value, &head.layers.path);
    }
    path.units
}

/// The layers of a head.
pub(crate) fn head_path(checked: &CheckedNetwork, head: &Head) -> Vec<Unit> {
    let mut path = Path::new(checked, &head.name.value);
    path.inside(&head.layers, &head.name.value, &head.layers.path);
    path.units
}

/// The operations of a unit: its branches', its own, and those that follow it.
pub(crate) fn operations(unit: &Unit) -> Vec<usize> {
    let mut all: Vec<usize> = unit.branches.iter().flatten().flat_map(operations).collect();
    all.extend(unit.operation);
    all.extend(&unit.followers);
    all
}

struct Path<'a> {
    checked: &'a CheckedNetwork,
    units: Vec<Unit>,
}

impl<'a> Path<'a> {
    fn new(checked: &'a CheckedNetwork, row: &str) -> Self {
        let start = Unit {
            row: row.into(),
            at: String::new(),
            operation: None,
            class: Class::Start,
            branches: Vec::new(),
            followers: Vec::new(),
            output: None,
        };
        Self { checked, units: vec![start] }
    }

    /// The units of a group that belongs to the row `row` of path `above`.
    fn inside(&mut self, group: &Group, row: &str, above: &str) {
        let body = if let Content::Call(call) = &group.content { &call.body } else { &group.content };
        match body {
            Content::Layer(_) => {
                for index in group.operations.clone() {
                    self.operation(index, row, below(&group.path, above));
                }
            }
            Content::Sequence(children) | Content::Repeat(children) => {
                for child in children {
                    self.inside(child, row, above);
                }
            }
            Content::Concat(children) | Content::Add(children) => self.fork(group, children, row, above),
            // A call's body is never itself a call.
            Content::Call(_) => {}
        }
    }

    fn fork(&mut self, group: &Group, children: &[Group], row: &str, above: &str) {
        let branch = |child: &Group| {
            let mut path = Path::new(self.checked, row);
            path.units[0].at = below(&child.path, above);
            path.inside(child, row, above);
            path.units
        };
        let Source::Operation(join) = group.output else { return };
        let branches = children.iter().map(branch).collect();
        self.push(join, Class::Fork, branches, row, below(&group.path, above));
    }

    fn operation(&mut self, index: usize, row: &str, at: String) {
        let Some(operation) = self.checked.network().operations.get(index) else { return };
        let class = class(&operation.op);
        match (class, self.units.last_mut()) {
            (Class::Norm | Class::Activation, Some(last)) => last.followers.push(index),
            // A flatten does not care about a dropout before it.
            (Class::Flatten, Some(last)) if last.class == Class::Dropout && last.followers.is_empty() => {
                self.push(index, class, Vec::new(), row, at);
                let last = self.units.len() - 1;
                self.units.swap(last - 1, last);
            }
            _ => self.push(index, class, Vec::new(), row, at),
        }
    }

    fn push(&mut self, index: usize, class: Class, branches: Vec<Vec<Unit>>, row: &str, at: String) {
        let output = Some(self.checked.shape(Source::Operation(index)));
        let followers = Vec::new();
        self.units.push(Unit { row: row.into(), at, operation: Some(index), class, branches, followers, output });
    }
}

/// `branch2.0` for `inception3a.branch2.0` in the row of `inception3a`.
fn below(path: &str, above: &str) -> String {
    path.strip_prefix(above).unwrap_or(path).trim_start_matches('.').to_owned()
}

/// The operation of a unit.
pub(crate) fn op<'a>(checked: &'a CheckedNetwork, unit: &Unit) -> Option<&'a Op> {
    unit.operation.and_then(|index| checked.network().operations.get(index)).map(|operation| &operation.op)
}
