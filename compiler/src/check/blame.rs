//! Problems of operations to messages: an operation says what is wrong, this says where that was written.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use super::channels;
use super::resize::{self, Path};
use super::view::View;
use crate::codes;
use crate::lower::MOST_MESSAGES;
use crate::network::{Content, Group, Network, Source};
use crate::ops::{Blame, Op, Problem};

/// The message for a problem of operation `index`.
pub(crate) fn diagnostic(view: &View<'_>, index: usize, problem: Problem) -> Diagnostic {
    let operation = &view.network.operations[index];
    let mut diagnostic = Diagnostic::error(problem.code, problem.message);
    diagnostic = match &problem.blame {
        Blame::Slot(name) => {
            diagnostic.at(operation.slot(name).map_or(operation.span, |slot| slot.span), problem.label)
        }
        Blame::Layer => diagnostic.at(operation.span, problem.label),
        Blame::Inputs(words) => branches(view, index, words, diagnostic),
    };
    if let Some(call) = view.places.call(index) {
        diagnostic = match &call.content {
            Content::Call(inner) if inner.row.is_none() => {
                diagnostic.see(call.span, format!("in this call of `{}`", inner.block))
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
    mend(view, index, problem.code, &problem.blame, diagnostic)
}

/// More branches than a message shows, and than it says how to mend.
pub(super) const MOST_BRANCHES: usize = 32;

/// Shows branches that do not go together, each where it ends, and the odd ones as the mistake. Of very many it shows some of either sort.
fn branches(view: &View<'_>, index: usize, words: &[(String, bool)], diagnostic: Diagnostic) -> Diagnostic {
    let inputs = &view.network.operations[index].inputs;
    let groups = view.places.branches(index);
    let mut diagnostic = diagnostic;
    let mut shown = [0, 0];
    for (branch, (source, (text, is_odd))) in inputs.iter().zip(words).enumerate() {
        let of_its_sort = &mut shown[usize::from(*is_odd)];
        if inputs.len() > MOST_BRANCHES && *of_its_sort == MOST_BRANCHES / 2 {
            continue;
        }
        *of_its_sort += 1;
        let group = groups.get(branch);
        let end = match source {
            Source::Operation(end) if group.is_none_or(|group| group.operations.contains(end)) => {
                Some(view.network.operations[*end].span)
            }
            Source::Operation(_) | Source::Input | Source::Unknown => group.map(|group| group.span),
        };
        let name = group.map_or(String::new(), |group| format!("`{}`: ", group.name));
        let span = end.unwrap_or(view.network.operations[index].span);
        let label = format!("{name}{text}");
        diagnostic = if *is_odd { diagnostic.at(span, label) } else { diagnostic.see(span, label) };
    }
    match inputs.len() - shown[0] - shown[1] {
        0 => diagnostic,
        more => diagnostic.note(format!("{more} more branches are not shown")),
    }
}

/// Adds the arithmetic, and the edits that would mend it.
fn mend(view: &View<'_>, index: usize, code: &str, blame: &Blame, diagnostic: Diagnostic) -> Diagnostic {
    let operation = &view.network.operations[index];
    if let (codes::CONCAT_SIZES | codes::ADD_SHAPES, Blame::Inputs(words)) = (code, blame) {
        return joined(view, index, words, diagnostic);
    }
    let (Some(window), Some(from)) = (operation.op.rule().window(), operation.inputs.first()) else {
        return diagnostic;
    };
    if code == codes::POOL_PADDING {
        let most = window.kernel[0].min(window.kernel[1]) / 2;
        return resize::padded(operation, most, diagnostic);
    }
    if code != codes::KERNEL_TOO_LARGE {
        return diagnostic;
    }
    let path = Path::to(view, *from, Source::Input);
    let diagnostic = match path {
        Some(path) => path.hold(view, window, path.explain(view, None, diagnostic)),
        None => diagnostic,
    };
    match resize::global(operation, diagnostic.suggestions.is_empty()) {
        Some(suggestion) => diagnostic.suggest_all(suggestion),
        None => diagnostic,
    }
}

/// Branches that are to be joined: how each got its size, and what would make the odd ones fit.
fn joined(view: &View<'_>, index: usize, words: &[(String, bool)], diagnostic: Diagnostic) -> Diagnostic {
    let inputs = &view.network.operations[index].inputs;
    if inputs.len() > MOST_BRANCHES {
        return diagnostic;
    }
    let groups = view.places.branches(index);
    let usual = inputs.iter().zip(words).find(|(_, (_, is_odd))| !is_odd).map(|(source, _)| *source);
    let (Some(usual), Some(fork)) = (usual, view.places.fork(index)) else { return diagnostic };
    let mut diagnostic = diagnostic;
    if let Some(wanted) = view.size(usual) {
        let sizes_differ = inputs.iter().any(|source| view.size(*source) != Some(wanted));
        for (source, group) in inputs.iter().zip(groups).filter(|_| sizes_differ) {
            let Some(path) = Path::to(view, *source, fork) else { continue };
            diagnostic = path.explain(view, Some(&group.name), diagnostic);
        }
        for (source, group) in inputs.iter().zip(groups).filter(|(source, _)| view.size(**source) != Some(wanted)) {
            let Some(path) = Path::to(view, *source, fork) else { continue };
            let purpose = format!(": then `{}` is {}x{} too", group.name, wanted[0], wanted[1]);
            diagnostic = path.reach(view, wanted, &purpose, diagnostic);
        }
    }
    let Some(channels) = view.shape(usual).channels() else { return diagnostic };
    let is_add = matches!(view.network.operations[index].op, Op::Add(_));
    for (source, group) in inputs.iter().zip(groups).filter(|_| is_add) {
        if view.shape(*source).channels().is_some_and(|other| other != channels) {
            diagnostic = channels::suggest(view, group, *source, channels, diagnostic);
        }
    }
    diagnostic
}

/// Other tools put the channels last, and such an input only fails some layers later. Hints at it where the first shape does
/// not fit.
pub(super) fn hint_at_channels_last(network: &Network, found: &mut [Diagnostic]) {
    let [height, width, channels] = network.input.value;
    if channels > 4 || height <= 4 || width <= 4 {
        return;
    }
    let follows = [codes::ASSERTION, codes::KERNEL_TOO_LARGE, codes::GROUPS, codes::CHANNEL_COUNT];
    let Some(first) = found.iter_mut().find(|diagnostic| follows.contains(&diagnostic.code)) else { return };
    let span = network.input.span;
    // Whatever else would make this layer fit is not what is wrong.
    let mut diagnostic = Diagnostic { suggestions: Vec::new(), ..first.clone() };
    if !diagnostic.labels.iter().any(|label| label.span == span) {
        diagnostic = diagnostic.see(span, format!("{height} channels of {width}x{channels}"));
    }
    *first = diagnostic
        .help("an input is channels x height x width, and this one looks as if its channels came last")
        .suggest("put the channels first", span, format!("{channels}x{height}x{width}"));
}

/// Messages as they are found: one where a block's body makes the same mistake at the same place in many calls, and no more
/// than [`MOST_MESSAGES`] altogether.
#[derive(Default)]
pub(crate) struct Found {
    kept: Vec<Diagnostic>,
    /// By code and place, the message that is kept, and how often it was found.
    first: BTreeMap<(&'static str, Span), (usize, usize)>,
    /// How many are not kept, and one that says so.
    dropped: Option<(usize, Diagnostic)>,
}

impl Found {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let key = diagnostic.span().map(|span| (diagnostic.code, span));
        self.push_made(key, || diagnostic);
    }

    /// Takes a message with this code about this place, and makes it only if it is kept.
    pub(crate) fn push_with(&mut self, code: &'static str, span: Span, make: impl FnOnce() -> Diagnostic) {
        self.push_made(Some((code, span)), make);
    }

    fn push_made(&mut self, key: Option<(&'static str, Span)>, make: impl FnOnce() -> Diagnostic) {
        if let Some((_, repetitions)) = key.and_then(|key| self.first.get_mut(&key)) {
            *repetitions += 1;
            return;
        }
        if let Some((count, _)) = &mut self.dropped {
            *count += 1;
            return;
        }
        if self.kept.len() == MOST_MESSAGES {
            self.dropped = Some((1, make()));
            return;
        }
        let index = self.kept.len();
        self.first.extend(key.map(|key| (key, (index, 1))));
        self.kept.push(make());
    }

    pub(crate) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut kept = self.kept;
        for (index, repetitions) in self.first.into_values().filter(|(_, repetitions)| *repetitions > 1) {
            kept[index].notes.push(elsewhere(repetitions - 1));
        }
        kept.extend(self.dropped.map(|(count, first)| match count - 1 {
            0 => first,
            more => first.note(format!("{more} more like it are not listed")),
        }));
        kept
    }
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
        Content::Call(call) => call.row.as_ref().map(|row| format!("row `{row}`")),
        Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => None,
    }
    .unwrap_or_else(|| format!("`{}`", group.path))
}
