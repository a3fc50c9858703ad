//! A network with what is known about it so far, as those see it who explain what is wrong.

use std::cell::OnceCell;
use std::collections::HashMap;

use googlenetc_dsl::source::Span;

use super::shape_of;
use crate::network::{Content, Group, Network, Source};
use crate::shape::Partial;

/// A network, the shapes that have been derived, and where things stand.
#[derive(Clone, Copy)]
pub(crate) struct View<'v> {
    pub(crate) network: &'v Network,
    pub(crate) places: &'v Places<'v>,
    /// The shape of the network's input.
    pub(crate) input: Partial,
    /// The shapes of operations' outputs, as far as they have been derived.
    pub(crate) shapes: &'v [Partial],
}

/// Where operations stand in the groups that the author wrote.
pub(crate) struct Places<'n> {
    network: &'n Network,
    /// The layer that an operation is a part of.
    layers: Vec<Option<&'n Group>>,
    /// The innermost call of a block around every operation.
    calls: Vec<Option<&'n Group>>,
    /// The group whose branches an operation joins.
    joins: Vec<Option<&'n Group>>,
    /// The outermost group that hands on an operation's output.
    makers: Vec<Option<&'n Group>>,
    /// The first and the last operation whose attribute stands at a place.
    uses: OnceCell<HashMap<Span, (usize, usize)>>,
}

impl<'n> Places<'n> {
    pub(crate) fn new(network: &'n Network) -> Self {
        let none = vec![None; network.operations.len()];
        let (mut layers, mut calls, mut joins, mut makers) = (none.clone(), none.clone(), none.clone(), none);
        // Parents come before children, so the innermost call is written last, and the outermost maker first.
        for group in network.groups() {
            match group.content {
                Content::Call(_) => calls[group.operations.clone()].fill(Some(group)),
                Content::Layer(_) => layers[group.operations.clone()].fill(Some(group)),
                Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => {}
            }
            let Source::Operation(output) = group.output else { continue };
            if joins_branches(&group.content) {
                joins[output] = Some(group);
            }
            makers[output] = makers[output].or(Some(group));
        }
        Self { network, layers, calls, joins, makers, uses: OnceCell::new() }
    }

    /// The innermost call of a block around an operation: what it is called and where it stands.
    pub(crate) fn call(&self, operation: usize) -> Option<&'n Group> {
        self.calls.get(operation).copied().flatten()
    }

    /// The path of the layer that an operation is a part of.
    pub(crate) fn layer(&self, operation: usize) -> &'n str {
        let layer = self.layers.get(operation).copied().flatten();
        layer.map_or_else(|| self.network.operations[operation].path.as_str(), |layer| &layer.path)
    }

    /// The branches that an operation joins.
    pub(crate) fn branches(&self, operation: usize) -> &'n [Group] {
        self.joins.get(operation).copied().flatten().map_or(&[], |group| group.content.children())
    }

    /// The first operation of the branches that an operation joins.
    pub(crate) fn first_of_branches(&self, operation: usize) -> Option<usize> {
        self.joins.get(operation).copied().flatten().map(|group| group.operations.start)
    }

    /// What the branches read that an operation joins.
    pub(crate) fn fork(&self, operation: usize) -> Option<Source> {
        self.joins.get(operation).copied().flatten().map(|group| group.input)
    }

    /// What the author calls that which delivers a value.
    pub(crate) fn maker(&self, source: Source) -> Option<&'n Group> {
        let Source::Operation(index) = source else { return None };
        self.makers.get(index).copied().flatten()
    }

    /// Whether only operations of `group` have an attribute that was written at this place.
    pub(crate) fn is_only_in(&self, span: Span, group: &Group) -> bool {
        let uses = self.uses.get_or_init(|| uses(self.network));
        uses.get(&span).is_some_and(|(first, last)| group.operations.contains(first) && group.operations.contains(last))
    }
}

fn joins_branches(content: &Content) -> bool {
    match content {
        Content::Concat(_) | Content::Add(_) => true,
        Content::Call(call) => joins_branches(&call.body),
        Content::Layer(_) | Content::Sequence(_) | Content::Repeat(_) => false,
    }
}

fn uses(network: &Network) -> HashMap<Span, (usize, usize)> {
    let mut uses: HashMap<Span, (usize, usize)> = HashMap::new();
    for (index, operation) in network.operations.iter().enumerate() {
        for slot in operation.slots.iter() {
            uses.entry(slot.span).and_modify(|(_, last)| *last = index).or_insert((index, index));
        }
    }
    uses
}

impl View<'_> {
    /// What is known about the shape of a value.
    pub(crate) fn shape(&self, source: Source) -> Partial {
        shape_of(source, self.input, self.shapes)
    }

    /// Height and width of a value, where known.
    pub(crate) fn size(&self, source: Source) -> Option<[u64; 2]> {
        match self.shape(source) {
            Partial::Map { height: Some(height), width: Some(width), .. } => Some([height, width]),
            Partial::Map { .. } | Partial::Vector(_) | Partial::Unknown => None,
        }
    }

    /// What the branches are called that an operation joins.
    pub(crate) fn branch_names(&self, operation: usize) -> Vec<&str> {
        self.places.branches(operation).iter().map(|branch| branch.name.as_str()).collect()
    }
}
