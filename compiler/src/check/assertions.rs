//! The author's claims about shapes against what is derived.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::blame::describe;
use super::channels;
use super::origins::Origins;
use super::resize::{self, Path};
use super::view::View;
use crate::codes;
use crate::network::{Assertion, Direction, Group, Network, Source};
use crate::ops::ChannelSource;
use crate::shape::Partial;

/// Judges one claim about a value whose derived shape is `derived`.
///
/// Returns the shape to go on with: where claim and derivation differ nobody knows who is right, so that part becomes
/// unknown and makes no further messages.
pub(super) fn apply(
    view: &View<'_>,
    origins: &Origins<'_>,
    group: &Group,
    assertion: &Assertion,
    derived: Partial,
    found: &mut Vec<Diagnostic>,
) -> Partial {
    let Some(sizes) = derived.sizes() else { return derived };
    let claimed = claimed(view.network, assertion);
    let agrees = |(derived, claimed): (&Option<u64>, &Option<u64>)| {
        derived.is_none_or(|size| claimed.is_none_or(|claimed| size == claimed))
    };
    let same_rank = sizes.len() == claimed.len();
    if same_rank && sizes.iter().zip(&claimed).all(agrees) {
        return derived;
    }
    let mut diagnostic = message(view, group, assertion, derived);
    let channels_differ = same_rank && sizes.first().zip(claimed.first()).is_some_and(|pair| !agrees(pair));
    let sizes_differ = same_rank && sizes.iter().zip(&claimed).skip(1).any(|pair| !agrees(pair));
    if channels_differ {
        diagnostic = channels::explain(view, assertion.subject, diagnostic);
        diagnostic = origins.of_channels(assertion.subject, view.shapes, diagnostic);
    }
    if sizes_differ {
        diagnostic = resize::explain_last(view, assertion.subject, diagnostic);
        diagnostic = origins.of_sizes(assertion.subject, view.shapes, diagnostic);
    }
    if same_rank && channels_differ != sizes_differ {
        diagnostic = mend(view, group, assertion, channels_differ, diagnostic);
    }
    found.push(match derived.known() {
        Some(shape) => {
            let or = if diagnostic.suggestions.is_empty() { "" } else { "or " };
            diagnostic.suggest(format!("{or}assert what is derived, {shape}"), assertion.span, shape.to_string())
        }
        None => diagnostic,
    });
    if !same_rank {
        return Partial::Unknown;
    }
    let open: Vec<Option<u64>> =
        sizes.iter().zip(&claimed).map(|(size, claimed)| size.filter(|_| agrees((size, claimed)))).collect();
    Partial::from_sizes(&open).unwrap_or(Partial::Unknown)
}

/// Adds edits that would make true what is asserted of an output. What goes into a row is for the rows before it to say.
fn mend(
    view: &View<'_>,
    group: &Group,
    assertion: &Assertion,
    channels_differ: bool,
    diagnostic: Diagnostic,
) -> Diagnostic {
    if assertion.direction == Direction::Input {
        return diagnostic;
    }
    match assertion.sizes[..] {
        [wanted, ..] if channels_differ => channels::suggest(view, group, assertion.subject, wanted, diagnostic),
        [_, height, width] => match Path::to(view, assertion.subject, Source::Input) {
            Some(path) => path.reach(view, [height, width], "", diagnostic),
            None => diagnostic,
        },
        _ => diagnostic,
    }
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

fn message(view: &View<'_>, group: &Group, assertion: &Assertion, derived: Partial) -> Diagnostic {
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
            let producer = view.places.maker(assertion.subject);
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
