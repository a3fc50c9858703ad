//! Where a size or a number of channels comes from: a mistake far up often shows only where something no longer fits, so a
//! message labels what lies between, back to where the author has confirmed the shape.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use googlenetc_dsl::diagnostic::{Diagnostic, Label};
use googlenetc_dsl::source::Span;

use super::blame::MOST_BRANCHES;
use super::view::Places;
use super::{input_shape, shape_of};
use crate::codes;
use crate::lower::IN;
use crate::network::{Direction, Network, Operation, Source};
use crate::ops::{ChannelSource, Extent, Op, Window};
use crate::shape::Partial;

/// More labels than one message shows; the nearest come first.
const MOST_LABELS: usize = 12;

/// What must be known about a network to find origins.
pub(super) struct Origins<'a> {
    network: &'a Network,
    places: &'a Places<'a>,
    /// Operations about whose output the author claims something.
    claimed: BTreeSet<usize>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(network: &'a Network, places: &'a Places<'a>) -> Self {
        let assertions = network.groups().into_iter().flat_map(|group| &group.assertions);
        let claims = assertions.filter(|assertion| assertion.direction == Direction::Output);
        let claimed = claims.filter_map(|assertion| index_of(assertion.subject)).collect();
        Self { network, places, claimed }
    }

    /// Labels what has led to a problem of operation `index`.
    pub(super) fn of_problem(&self, index: usize, shapes: &[Partial], diagnostic: Diagnostic) -> Diagnostic {
        let mut trail = Trail { origins: self, shapes, diagnostic, left: MOST_LABELS };
        let inputs = &self.network.operations[index].inputs;
        match trail.diagnostic.code {
            codes::KERNEL_TOO_LARGE => inputs.iter().for_each(|input| trail.sizes(*input, None)),
            codes::GROUPS => trail.groups(&self.network.operations[index]),
            codes::CONCAT_SIZES | codes::ADD_SHAPES => trail.branches(index),
            _ => {}
        }
        trail.diagnostic
    }

    /// Labels what has led to the height and width of a value.
    pub(super) fn of_sizes(&self, value: Source, shapes: &[Partial], diagnostic: Diagnostic) -> Diagnostic {
        let mut trail = Trail { origins: self, shapes, diagnostic, left: MOST_LABELS };
        trail.sizes(value, None);
        trail.diagnostic
    }

    /// Labels what has led to the channels of a value, or to the features of a vector.
    pub(super) fn of_channels(&self, value: Source, shapes: &[Partial], diagnostic: Diagnostic) -> Diagnostic {
        let mut trail = Trail { origins: self, shapes, diagnostic, left: MOST_LABELS };
        trail.channels(value);
        trail.diagnostic
    }
}

struct Trail<'o, 'a> {
    origins: &'o Origins<'a>,
    shapes: &'o [Partial],
    diagnostic: Diagnostic,
    left: usize,
}

impl<'a> Trail<'_, 'a> {
    /// Labels what decides height and width, back to where they begin, and no further than operation `first` if there is one.
    fn sizes(&mut self, value: Source, first: Option<usize>) {
        let mut steps = Vec::new();
        // Where the sizes begin is said however long the way is, and then what changes them, the nearest first.
        if let Some((span, text)) = self.way(value, first, &mut steps) {
            self.see(span, text);
        }
        if steps.len() > self.left {
            steps.sort_by_key(|(_, [before, after])| before == after);
        }
        for (operation, [before, after]) in steps {
            self.geometry(
                operation,
                &if before == after { format!("keeps {after}") } else { format!("{before} to {after}") },
            );
        }
    }

    /// Goes back along what decides height and width: notes the windows on the way, each with the map before and after it, and
    /// gives where the way begins, if it is not where the author has confirmed the shape.
    fn way(
        &self,
        value: Source,
        first: Option<usize>,
        steps: &mut Vec<(&'a Operation, [String; 2])>,
    ) -> Option<(Span, String)> {
        let network = self.origins.network;
        let mut source = value;
        loop {
            let here = || format!("{} here", self.shape(source));
            let Some(index) = index_of(source) else {
                return (source == Source::Input && first.is_none()).then(|| (network.input.span, here()));
            };
            // Where the author has confirmed the shape, the mistake comes after it.
            if first.is_some_and(|first| index < first) || (source != value && self.origins.claimed.contains(&index)) {
                return None;
            }
            let operation = &network.operations[index];
            let from = operation.inputs.first().copied()?;
            let maps = [self.map(from), self.map(source)];
            match operation.op.rule().extent() {
                Extent::Given(_) => return Some((operation.span, here())),
                Extent::Window(window) if !is_trivial(operation, window, &maps) => steps.push((operation, maps)),
                Extent::Window(_) | Extent::Kept | Extent::Vector => {}
            }
            source = from;
        }
    }

    /// Goes back along what decides the channels.
    fn channels(&mut self, value: Source) {
        let network = self.origins.network;
        let mut open = vec![value];
        // Ways that part and meet again, one behind the other, are as many as powers of two.
        let mut passed = BTreeSet::new();
        while let Some(source) = open.pop() {
            if self.left == 0 {
                return;
            }
            if !passed.insert(source) {
                continue;
            }
            let text = self.shape(source).channels().map_or("?".into(), |channels| channels.to_string());
            let Some(index) = index_of(source) else {
                if source == Source::Input {
                    self.see(network.input.span, format!("{text} channels here"));
                }
                continue;
            };
            let operation = &network.operations[index];
            match operation.op.rule().channels() {
                ChannelSource::Slot(name) => {
                    let slot = operation.slot(name);
                    self.see(slot.map_or(operation.span, |slot| slot.span), format!("{text} here"));
                    match slot {
                        Some(slot) if slot.parameter.as_deref() == Some(IN) => {
                            open.extend(self.origins.places.call(index).map(|call| call.input));
                        }
                        Some(_) => {}
                        // So many for each channel that comes in.
                        None => open.extend(operation.inputs.first()),
                    }
                }
                ChannelSource::Inputs => {
                    if let Op::Flatten(_) = operation.op {
                        operation.inputs.iter().for_each(|input| self.sizes(*input, None));
                    }
                    open.extend(operation.inputs.iter().rev());
                }
                ChannelSource::Input => open.extend(operation.inputs.first()),
            }
        }
    }

    /// What the branches differ in, the rarest first: that is where the mistake is likely to be, so it gets most labels.
    fn branches(&mut self, join: usize) {
        let network = self.origins.network;
        let first = self.origins.places.first_of_branches(join).unwrap_or(join);
        let inputs = &network.operations[join].inputs;
        let shapes: Vec<Partial> = inputs.iter().map(|input| self.shape(*input)).collect();
        let sizes: Vec<_> = shapes
            .iter()
            .map(|shape| shape.sizes().map(|sizes| sizes.into_iter().skip(1).collect::<Vec<_>>()))
            .collect();
        for (branch, is_rare) in by_rarity(&sizes) {
            self.left = if is_rare { MOST_LABELS } else { MOST_LABELS / 2 };
            self.sizes(inputs[branch], Some(first));
        }
        if let Op::Add(_) = network.operations[join].op {
            let channels: Vec<_> = shapes.iter().map(|shape| shape.channels()).collect();
            for (branch, is_rare) in by_rarity(&channels) {
                self.left = if is_rare { MOST_LABELS } else { MOST_LABELS / 2 };
                self.channels(inputs[branch]);
            }
        }
    }

    /// The channels of a convolution that its groups do not divide: its own, or those that come in.
    fn groups(&mut self, operation: &Operation) {
        let Op::Convolution(convolution) = &operation.op else { return };
        if convolution.channels.is_multiple_of(convolution.groups) {
            operation.inputs.iter().for_each(|input| self.channels(*input));
        } else if let Some(slot) = operation.slot("channels") {
            self.see(slot.span, format!("{} here", convolution.channels));
        }
    }

    /// Labels what a window does: at the layer, or where a call gives its numbers.
    fn geometry(&mut self, operation: &Operation, text: &str) {
        let slots = operation.slots.iter().filter(|slot| is_geometry(slot.name) && slot.parameter.is_some());
        let mut spans: Vec<Span> = slots.map(|slot| slot.span).collect();
        spans.push(operation.span);
        for span in spans {
            self.see(span, text.to_owned());
        }
    }

    fn see(&mut self, span: Span, text: String) {
        let overlaps = |label: &Label| holds(label.span, span) || holds(span, label.span);
        let is_said = |label: &Label| label.span == span || (label.primary && overlaps(label));
        if self.left == 0 || self.diagnostic.labels.iter().any(is_said) {
            return;
        }
        self.left -= 1;
        self.diagnostic.labels.push(Label { span, text, primary: false });
    }

    fn shape(&self, source: Source) -> Partial {
        shape_of(source, input_shape(self.origins.network), self.shapes)
    }

    /// Height and width in words: `28x28`.
    fn map(&self, source: Source) -> String {
        let size = |size: &Option<u64>| size.map_or("?".into(), |size| size.to_string());
        self.shape(source).sizes().unwrap_or_default().iter().skip(1).map(size).collect::<Vec<_>>().join("x")
    }
}

/// Whether a window has nothing to do with a size: 1x1 in single steps, and nothing else is said.
fn is_trivial(operation: &Operation, window: &Window, [before, after]: &[String; 2]) -> bool {
    let is_said = |name: &str| is_geometry(name) && !name.starts_with("kernel");
    before == after && window.kernel == [1, 1] && !operation.slots.iter().any(|slot| is_said(slot.name))
}

/// Branches by how many have the same value, the rarest first, and whether a value is the rarest; none where all agree, and of very many
/// branches some.
fn by_rarity<T: Eq + Hash>(values: &[T]) -> Vec<(usize, bool)> {
    let mut votes: HashMap<&T, usize> = HashMap::new();
    for value in values {
        *votes.entry(value).or_default() += 1;
    }
    let votes = values.iter().map(|value| votes.get(value).copied().unwrap_or_default());
    let mut branches: Vec<(usize, usize)> = votes.enumerate().collect();
    branches.sort_by_key(|(_, votes)| *votes);
    let fewest = branches.first().map_or(0, |(_, votes)| *votes);
    branches.retain(|_| fewest < values.len());
    branches.into_iter().take(MOST_BRANCHES).map(|(branch, votes)| (branch, votes == fewest)).collect()
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start() <= inner.start() && inner.end() <= outer.end()
}

fn is_geometry(slot: &str) -> bool {
    ["kernel", "stride", "padding", "dilation"].iter().any(|what| slot.starts_with(what))
}

fn index_of(source: Source) -> Option<usize> {
    match source {
        Source::Operation(index) => Some(index),
        Source::Input | Source::Unknown => None,
    }
}
