//! How channels came about: the terms of a sum, where each was written, and which single edits would make another sum.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use super::view::View;
use crate::lower::IN;
use crate::network::{Group, Slot, Source};
use crate::ops::{ChannelSource, Concat, Op};

/// A term of a sum of channels.
struct Term<'v> {
    /// The branch.
    name: String,
    channels: u64,
    /// Where it was written.
    span: Option<Span>,
    /// The attribute that says it, if one does.
    slot: Option<&'v Slot>,
}

/// Where the number of channels of a value was written.
pub(super) fn span(view: &View<'_>, source: Source) -> Option<Span> {
    match origin(view, source)? {
        Origin::Input => Some(view.network.input.span),
        Origin::Slot(slot) => Some(slot.span),
        Origin::Joined(span) => Some(span),
    }
}

/// Who says how many channels a value has.
enum Origin<'v> {
    /// The network's input.
    Input,
    /// An attribute.
    Slot(&'v Slot),
    /// Branches that are joined here.
    Joined(Span),
}

fn origin<'v>(view: &View<'v>, source: Source) -> Option<Origin<'v>> {
    let mut source = source;
    loop {
        let Source::Operation(index) = source else {
            return (source == Source::Input).then_some(Origin::Input);
        };
        let operation = &view.network.operations[index];
        match operation.op.rule().channels() {
            ChannelSource::Slot(name) => return operation.slot(name).map(Origin::Slot),
            ChannelSource::Inputs => return Some(Origin::Joined(operation.span)),
            ChannelSource::Input => source = *operation.inputs.first()?,
        }
    }
}

/// Shows the terms of the channels of `subject`, each where it was written.
pub(super) fn explain(view: &View<'_>, subject: Source, diagnostic: Diagnostic) -> Diagnostic {
    let Source::Operation(index) = subject else { return diagnostic };
    let operation = &view.network.operations[index];
    if let (Op::Flatten(_), [from]) = (&operation.op, &operation.inputs[..]) {
        return diagnostic.note(format!("a map of {} is flattened", view.shape(*from)));
    }
    let Op::Concat(_) = operation.op else {
        return match span(view, subject).zip(view.shape(subject).channels()) {
            Some((span, channels)) => diagnostic.see(span, format!("{channels} here")),
            None => diagnostic,
        };
    };
    let terms = terms(view, index);
    let diagnostic = terms.iter().fold(diagnostic, |diagnostic, term| match term.span {
        Some(span) => diagnostic.see(span, format!("{}: {}", term.name, term.channels)),
        None => diagnostic,
    });
    match view.shape(subject).channels() {
        Some(sum) if terms.len() == operation.inputs.len() => {
            let names: Vec<&str> = terms.iter().map(|term| term.name.as_str()).collect();
            diagnostic.note(format!(
                "{} = {}",
                names.join(" + "),
                addition(terms.iter().map(|term| term.channels), sum)
            ))
        }
        _ => diagnostic,
    }
}

fn addition(terms: impl Iterator<Item = u64>, sum: u64) -> String {
    let terms: Vec<String> = terms.map(|term| term.to_string()).collect();
    format!("{} = {sum}", terms.join(" + "))
}

/// The channels of the branches that operation `index` joins, as far as they are known.
fn terms<'v>(view: &View<'v>, index: usize) -> Vec<Term<'v>> {
    let names = view.branch_names(index);
    let inputs = view.network.operations[index].inputs.iter().enumerate();
    let term = |(branch, source): (usize, &Source)| {
        let slot = match origin(view, *source) {
            Some(Origin::Slot(slot)) => Some(slot),
            Some(Origin::Input | Origin::Joined(_)) | None => None,
        };
        Some(Term {
            name: names.get(branch).map_or("a branch", |name| name).to_owned(),
            channels: view.shape(*source).channels()?,
            span: span(view, *source),
            slot,
        })
    };
    inputs.filter_map(term).collect()
}

/// Adds the edits of one number in `group` each of which alone would make `subject` have as many channels as are `wanted`.
pub(super) fn suggest(
    view: &View<'_>,
    group: &Group,
    subject: Source,
    wanted: u64,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let Source::Operation(index) = subject else { return diagnostic };
    let Some(sum) = view.shape(subject).channels() else { return diagnostic };
    let terms = if view.network.operations[index].op == Op::Concat(Concat) {
        terms(view, index)
    } else {
        let Some(Origin::Slot(slot)) = origin(view, subject) else { return diagnostic };
        vec![Term { name: String::new(), channels: sum, span: Some(slot.span), slot: Some(slot) }]
    };
    let mut diagnostic = diagnostic;
    for (place, term) in terms.iter().enumerate() {
        let Some(slot) = term.slot.filter(|slot| is_editable(view, slot, group)) else { continue };
        let is_same = |other: &&Term<'_>| other.span == term.span;
        if terms.iter().take(place).any(|other| is_same(&other)) {
            continue;
        }
        let times = terms.iter().filter(is_same).count() as u64;
        let Some(changed) = changed(term.channels, times, sum, wanted) else { continue };
        let message = if term.name.is_empty() {
            format!("give `{}` {changed} channels", group.name)
        } else {
            let numbers = terms.iter().map(|other| if is_same(&other) { changed } else { other.channels });
            format!("give `{}` {changed} channels: {}", term.name, addition(numbers, wanted))
        };
        diagnostic = diagnostic.suggest(message, slot.span, changed.to_string());
    }
    diagnostic
}

/// The number that a term must be, which stands so many times in the sum.
fn changed(term: u64, times: u64, sum: u64, wanted: u64) -> Option<u64> {
    let others = sum.checked_sub(term.checked_mul(times)?)?;
    let room = wanted.checked_sub(others)?;
    (times > 0 && room > 0 && room % times == 0).then(|| room / times)
}

/// Whether a number can be changed for `group` alone: it is written as one, and nothing outside of the group has it.
fn is_editable(view: &View<'_>, slot: &Slot, group: &Group) -> bool {
    let is_derived = slot.parameter.as_deref() == Some(IN);
    let is_classes = view.network.classes.as_ref().is_some_and(|classes| classes.span == slot.span);
    !is_derived && !is_classes && view.places.is_only_in(slot.span, group)
}
