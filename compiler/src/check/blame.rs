//! Problems of operations to messages: an operation says what is wrong, this says where that was written.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use crate::codes;
use crate::network::{Call, Content, Group, Network, Source};
use crate::ops::{Blame, ChannelSource, Problem};
use crate::shape::Partial;

/// The innermost call of a block around every operation: what it is called and where it stands.
pub(crate) fn enclosing_calls(network: &Network) -> Vec<Option<&Group>> {
    let mut calls = vec![None; network.operations.len()];
    // Parents come before children, so the innermost call is written last.
    for group in network.groups() {
        if let Content::Call(_) = group.content {
            calls[group.operations.clone()].fill(Some(group));
        }
    }
    calls
}

/// The message for a problem of operation `index`.
pub(crate) fn diagnostic(
    network: &Network,
    index: usize,
    problem: Problem,
    inputs: &[Partial],
    call: Option<&Group>,
) -> Diagnostic {
    let operation = &network.operations[index];
    let mut diagnostic = Diagnostic::error(problem.code, problem.message);
    diagnostic = match problem.blame {
        Blame::Slot(name) => {
            diagnostic.at(operation.slot(name).map_or(operation.span, |slot| slot.span), problem.label)
        }
        Blame::Layer => diagnostic.at(operation.span, problem.label),
        Blame::Input(odd) => {
            for (input, source) in operation.inputs.iter().enumerate() {
                let Source::Operation(producer) = source else { continue };
                let span = network.operations[*producer].span;
                diagnostic = if input == odd {
                    diagnostic.at(span, problem.label.clone())
                } else {
                    diagnostic.see(span, inputs[input].to_string())
                };
            }
            diagnostic
        }
    };
    if let Some(call) = call {
        diagnostic = match &call.content {
            Content::Call(Call { row: None, block, .. }) => {
                diagnostic.see(call.span, format!("in this call of `{block}`"))
            }
            Content::Call(_)
            | Content::Layer(_)
            | Content::Sequence(_)
            | Content::Concat(_)
            | Content::Add(_)
            | Content::Repeat(_) => diagnostic.see(call.span, format!("in {}", describe(call))),
        };
    }
    diagnostic.notes.extend(problem.notes);
    diagnostic.helps.extend(problem.helps);
    if problem.code == codes::KERNEL_TOO_LARGE { hint_at_channels_last(network, diagnostic) } else { diagnostic }
}

/// Other tools put the channels last, and such an input only fails some layers later.
fn hint_at_channels_last(network: &Network, diagnostic: Diagnostic) -> Diagnostic {
    let [height, width, channels] = network.input.value;
    if channels > 4 || height <= 4 || width <= 4 {
        return diagnostic;
    }
    diagnostic
        .see(network.input.span, format!("{height} channels of {width}x{channels}"))
        .help(format!("an input is channels x height x width: perhaps `{channels}x{height}x{width}` is meant"))
}

/// One message where a block's body makes the same mistake at the same place in many calls.
pub(crate) fn fold(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(&'static str, Span), (usize, usize)> = BTreeMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    for diagnostic in found {
        let Some(span) = diagnostic.span() else {
            kept.push(diagnostic);
            continue;
        };
        let (_, repetitions) = first.entry((diagnostic.code, span)).or_insert((kept.len(), 0));
        *repetitions += 1;
        if *repetitions == 1 {
            kept.push(diagnostic);
        }
    }
    for (index, repetitions) in first.into_values().filter(|(_, repetitions)| *repetitions > 1) {
        kept[index].notes.push(elsewhere(repetitions - 1));
    }
    kept
}

/// That what a message says holds for more places that a line of a block makes.
pub(crate) fn elsewhere(more: usize) -> String {
    match more {
        1 => "the same happens in one more place that uses this line".into(),
        more => format!("the same happens in {more} more places that use this line"),
    }
}

/// What messages call a group: a row by its name in the table, everything else by its path.
pub(crate) fn describe(group: &Group) -> String {
    match &group.content {
        Content::Call(Call { row: Some(row), .. }) => format!("row `{row}`"),
        Content::Call(_)
        | Content::Layer(_)
        | Content::Sequence(_)
        | Content::Concat(_)
        | Content::Add(_)
        | Content::Repeat(_) => format!("`{}`", group.path),
    }
}

/// Where the number of channels of a value was written.
pub(crate) fn channels_span(network: &Network, source: Source) -> Option<Span> {
    let mut source = source;
    loop {
        let Source::Operation(index) = source else {
            return (source == Source::Input).then_some(network.input.span);
        };
        let operation = &network.operations[index];
        match operation.op.rule().channels() {
            ChannelSource::Slot(name) => return operation.slot(name).map(|slot| slot.span),
            ChannelSource::Inputs => return Some(operation.span),
            ChannelSource::Input => source = *operation.inputs.first()?,
        }
    }
}
