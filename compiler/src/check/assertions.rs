//! The author's claims about shapes against what is derived.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::blame::{channels_span, describe};
use super::origins::Origins;
use super::{input_shape, shape_of};
use crate::codes;
use crate::network::{Assertion, Content, Direction, Group, Network, Source};
use crate::ops::{ChannelSource, Op, Window};
use crate::shape::Partial;

/// Judges one claim about a value whose derived shape is `derived`.
///
/// Returns the shape to go on with: where claim and derivation differ nobody knows who is right, so that part becomes
/// unknown and makes no further messages.
pub(super) fn apply(
    origins: &Origins<'_>,
    shapes: &[Partial],
    group: &Group,
    assertion: &Assertion,
    derived: Partial,
    found: &mut Vec<Diagnostic>,
) -> Partial {
    let network = origins.network;
    let Some(sizes) = derived.sizes() else { return derived };
    let claimed = claimed(network, assertion);
    let agrees = |(derived, claimed): (&Option<u64>, &Option<u64>)| {
        derived.is_none_or(|size| claimed.is_none_or(|claimed| size == claimed))
    };
    let same_rank = sizes.len() == claimed.len();
    if same_rank && sizes.iter().zip(&claimed).all(agrees) {
        return derived;
    }
    let mut diagnostic = message(network, group, assertion, derived);
    let channels_differ = same_rank && sizes.first().zip(claimed.first()).is_some_and(|pair| !agrees(pair));
    if channels_differ {
        diagnostic = explain_channels(network, shapes, assertion.subject, diagnostic);
        diagnostic = origins.of_channels(assertion.subject, shapes, diagnostic);
    }
    if same_rank && sizes.iter().zip(&claimed).skip(1).any(|pair| !agrees(pair)) {
        diagnostic = explain_sizes(network, shapes, assertion.subject, diagnostic);
        diagnostic = origins.of_sizes(assertion.subject, shapes, diagnostic);
    }
    found.push(diagnostic);
    if !same_rank {
        return Partial::Unknown;
    }
    let open: Vec<Option<u64>> =
        sizes.iter().zip(&claimed).map(|(size, claimed)| size.filter(|_| agrees((size, claimed)))).collect();
    Partial::from_sizes(&open).unwrap_or(Partial::Unknown)
}

/// The sizes that are claimed. At another input than the declared one the author claims nothing about height and width, nor
/// about features that follow from them.
fn claimed(network: &Network, assertion: &Assertion) -> Vec<Option<u64>> {
    let mut claimed: Vec<Option<u64>> = assertion.sizes.iter().copied().map(Some).collect();
    if network.has_declared_size {
        return claimed;
    }
    let follows_from_size = match assertion.subject {
        Source::Operation(index) => !matches!(network.operations[index].op.rule().channels(), ChannelSource::Slot(_)),
        Source::Input | Source::Unknown => false,
    };
    let keeps_first = claimed.len() > 1 || !follows_from_size;
    claimed.iter_mut().skip(usize::from(keeps_first)).for_each(|size| *size = None);
    claimed
}

fn message(network: &Network, group: &Group, assertion: &Assertion, derived: Partial) -> Diagnostic {
    let claimed: Vec<String> = assertion.sizes.iter().map(u64::to_string).collect();
    let claimed = claimed.join("x");
    let who = describe(group);
    match assertion.direction {
        Direction::Output => Diagnostic::error(
            codes::ASSERTION,
            format!("{who} delivers {derived}, but its output is asserted to be {claimed}"),
        )
        .at(assertion.span, format!("asserted {claimed}, derived {derived}")),
        Direction::Input => {
            let producer = network.groups().into_iter().find(|group| group.output == assertion.subject);
            let from = producer.map_or("the network's input".to_owned(), describe);
            let diagnostic = Diagnostic::error(
                codes::ASSERTION,
                format!("{who} is asserted to get {claimed}, but {from} delivers {derived}"),
            )
            .at(assertion.span, format!("asserted {claimed}, gets {derived}"));
            match producer {
                Some(producer) => diagnostic.see(producer.span, format!("delivers {derived}")),
                None => diagnostic,
            }
        }
    }
}

/// The terms of a sum of channels, each where it was written.
fn explain_channels(network: &Network, shapes: &[Partial], subject: Source, diagnostic: Diagnostic) -> Diagnostic {
    let Source::Operation(index) = subject else { return diagnostic };
    let operation = &network.operations[index];
    if let (Op::Flatten(_), [from]) = (&operation.op, &operation.inputs[..]) {
        return diagnostic.note(format!("a map of {} is flattened", shape_of(*from, input_shape(network), shapes)));
    }
    let Op::Concat(_) = operation.op else {
        return match channels_span(network, subject).zip(shapes[index].channels()) {
            Some((span, channels)) => diagnostic.see(span, format!("{channels} here")),
            None => diagnostic,
        };
    };
    let mut diagnostic = diagnostic;
    let mut terms = Vec::new();
    let names = branch_names(network, index);
    for (branch, source) in operation.inputs.iter().enumerate() {
        let Some(channels) = shape_of(*source, input_shape(network), shapes).channels() else { continue };
        let name = names.get(branch).map_or("a branch", String::as_str);
        terms.push(channels.to_string());
        if let Some(span) = channels_span(network, *source) {
            diagnostic = diagnostic.see(span, format!("{name}: {channels}"));
        }
    }
    match shapes[index].channels() {
        Some(sum) if terms.len() == operation.inputs.len() => {
            diagnostic.note(format!("{} = {} = {sum}", names.join(" + "), terms.join(" + ")))
        }
        _ => diagnostic,
    }
}

/// The names of the branches that the concat number `index` joins.
fn branch_names(network: &Network, index: usize) -> Vec<String> {
    let is_joined = |group: &&Group| group.output == Source::Operation(index);
    let branches = network.groups().into_iter().filter(is_joined).find_map(|group| match &group.content {
        Content::Concat(branches) => Some(branches),
        Content::Call(call) => match call.body.as_ref() {
            Content::Concat(branches) => Some(branches),
            Content::Call(_) | Content::Layer(_) | Content::Sequence(_) | Content::Add(_) | Content::Repeat(_) => None,
        },
        Content::Layer(_) | Content::Sequence(_) | Content::Add(_) | Content::Repeat(_) => None,
    });
    branches.into_iter().flatten().map(|branch| branch.name.clone()).collect()
}

/// The arithmetic of the window that made the height and width.
fn explain_sizes(network: &Network, shapes: &[Partial], subject: Source, diagnostic: Diagnostic) -> Diagnostic {
    let mut source = subject;
    while let Source::Operation(index) = source {
        let operation = &network.operations[index];
        let Some(&from) = operation.inputs.first() else { break };
        if let Some(window) = operation.op.rule().window() {
            return explain_window(window, shape_of(from, input_shape(network), shapes), shapes[index], diagnostic);
        }
        source = from;
    }
    diagnostic
}

fn explain_window(window: &Window, from: Partial, to: Partial, diagnostic: Diagnostic) -> Diagnostic {
    let (Some(from), Some(to)) = (from.sizes(), to.sizes()) else { return diagnostic };
    let mut diagnostic = diagnostic;
    for axis in 0..2 {
        if let (Some(Some(size)), Some(Some(output))) = (from.get(axis + 1), to.get(axis + 1)) {
            diagnostic = diagnostic.note(window.explain(axis, *size, *output));
        }
    }
    diagnostic
}
