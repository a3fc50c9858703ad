//! That every head ends in one logit per class, and that all agree on how many classes there are.

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::Span;

use super::origins::Origins;
use super::view::View;
use crate::codes;
use crate::network::{Head, Slot, Source};
use crate::ops::ChannelSource;
use crate::shape::Partial;

/// A head, and how many logits it ends in.
struct Ending<'v> {
    head: &'v Head,
    logits: u64,
    /// The attribute that says so, if the head's last layer does.
    slot: Option<&'v Slot>,
}

pub(super) fn check(view: &View<'_>, origins: &Origins<'_>, found: &mut Vec<Diagnostic>) {
    let mut endings = Vec::new();
    for head in &view.network.heads {
        match view.shape(head.layers.output) {
            Partial::Vector(Some(logits)) => endings.push(Ending { head, logits, slot: slot(view, head) }),
            Partial::Vector(None) | Partial::Unknown => {}
            map @ Partial::Map { .. } => found.push(ends_in_maps(head, map)),
        }
    }
    let declared = view.network.classes.as_ref().map(|classes| (classes.value, classes.span));
    let Some(usual) = declared.map(|(classes, _)| classes).or_else(|| usual(&endings)) else { return };
    if endings.iter().any(|ending| ending.logits != usual) {
        let mut diagnostic = disagreement(&endings, usual, declared.map(|(_, span)| span));
        for ending in endings.iter().filter(|ending| ending.logits != usual) {
            diagnostic = origins.of_channels(ending.head.layers.output, view.shapes, diagnostic);
        }
        found.push(diagnostic);
    }
}

fn ends_in_maps(head: &Head, map: Partial) -> Diagnostic {
    let message =
        format!("the head `{}` ends in feature maps of {map} instead of one logit per class", head.name.value);
    Diagnostic::error(codes::HEAD_CLASSES, message)
        .at(head.name.span, format!("delivers {map}"))
        .help("end it with `flatten` and `linear $classes`")
}

/// The number that most heads end in; of equally many the first.
fn usual(endings: &[Ending<'_>]) -> Option<u64> {
    let votes = |logits: u64| endings.iter().filter(|ending| ending.logits == logits).count();
    endings.iter().rev().map(|ending| ending.logits).max_by_key(|logits| votes(*logits))
}

/// Where the number of logits was written.
fn slot<'v>(view: &View<'v>, head: &Head) -> Option<&'v Slot> {
    let mut source = head.layers.output;
    while let Source::Operation(index) = source {
        let operation = &view.network.operations[index];
        match operation.op.rule().channels() {
            ChannelSource::Slot(name) => {
                return operation.slot(name).filter(|_| head.layers.operations.contains(&index));
            }
            ChannelSource::Inputs => return None,
            ChannelSource::Input => source = *operation.inputs.first()?,
        }
    }
    None
}

/// All heads with their numbers of logits, those that differ from `usual` as the mistake.
fn disagreement(endings: &[Ending<'_>], usual: u64, classes: Option<Span>) -> Diagnostic {
    let counts: Vec<String> =
        endings.iter().map(|ending| format!("`{}` ends in {}", ending.head.name.value, ending.logits)).collect();
    let message = match classes {
        Some(_) => format!("`classes` says {usual}, but heads differ: {}", counts.join(", ")),
        None => format!("heads differ in their numbers of classes: {}", counts.join(", ")),
    };
    let mut diagnostic = Diagnostic::error(codes::HEAD_CLASSES, message);
    let mut edits: Vec<Edit> = Vec::new();
    for ending in endings {
        let slot = ending.slot.filter(|slot| slot.parameter.is_none() && Some(slot.span) != classes);
        let span = slot.map_or(ending.head.name.span, |slot| slot.span);
        let label = format!("`{}`: {} logits", ending.head.name.value, ending.logits);
        if ending.logits == usual {
            diagnostic = diagnostic.see(span, label);
            continue;
        }
        diagnostic = diagnostic.at(span, label);
        let replacement = classes.map_or_else(|| usual.to_string(), |_| "$classes".to_owned());
        let edit =
            ending.slot.filter(|slot| slot.parameter.is_none()).map(|slot| Edit { span: slot.span, replacement });
        edits.extend(edit);
    }
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    if let Some(span) = classes {
        diagnostic = diagnostic.see(span, format!("{usual} classes"));
    }
    if edits.is_empty() {
        return diagnostic.help("let every head end in `linear $classes`");
    }
    let message = match classes {
        Some(_) => "let every head follow `classes`".to_owned(),
        None => format!("let every head have {usual} classes"),
    };
    diagnostic.suggest_all(Suggestion { message, edits, is_safe: false })
}
