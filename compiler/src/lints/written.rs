//! Where something is written, and how it is edited.

use googlenetc_dsl::diagnostic::Edit;
use googlenetc_dsl::source::{Sources, Span};

use crate::network::Operation;

/// Where a layer says the value of an attribute itself, rather than a default or a table's cell.
pub(super) fn own_value(operation: &Operation, name: &str) -> Option<Span> {
    operation.slot(name).map(|slot| slot.span).filter(|span| is_within(*span, operation.span))
}

/// Whether one place is part of another.
pub(super) fn is_within(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && outer.start() <= inner.start() && inner.end() <= outer.end()
}

/// Adds an argument to a layer, before what it asserts.
pub(super) fn with_argument(sources: &Sources, layer: Span, argument: &str) -> Option<Edit> {
    let text = text(sources, layer)?;
    let arguments = text.split("->").next().unwrap_or(text).trim_end();
    let end = layer.start() + arguments.len();
    Some(Edit { span: Span::new(layer.source, end, end), replacement: format!(" {argument}") })
}

/// Takes a flag out of a list of arguments, with the blank before it.
pub(super) fn without_flag(sources: &Sources, flag: Span) -> Option<Edit> {
    let before = sources.get(flag.source).text.get(..flag.start())?;
    let start = if before.ends_with(' ') { flag.start() - 1 } else { flag.start() };
    Some(Edit { span: Span::new(flag.source, start, flag.end()), replacement: String::new() })
}

/// Takes a layer without a name out of its sequence; `None` where that is no simple edit.
pub(super) fn without_layer(sources: &Sources, layer: Span) -> Option<Edit> {
    let whole = sources.get(layer.source).text.as_str();
    let (before, after) = (whole.get(..layer.start())?, whole.get(layer.end()..)?);
    let cut = |start: usize, end: usize| {
        let span = Span::new(layer.source, start, end);
        Some(Edit { span, replacement: String::new() })
    };
    let front = before.trim_end_matches([' ', '\t']);
    if front.ends_with([',', ';']) {
        return cut(front.len() - 1, layer.end());
    }
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = after.find('\n').map(|newline| layer.end() + newline + 1)?;
    let is_alone = before.get(line_start..)?.trim_matches([' ', '\t', '-']).is_empty()
        && after.get(..line_end - layer.end())?.trim().is_empty();
    if is_alone {
        return cut(line_start, line_end);
    }
    let rest = after.trim_start_matches([' ', '\t']);
    if front.ends_with(['[', '{']) && rest.starts_with([',', ';']) {
        let rest = rest.get(1..)?.trim_start_matches([' ', '\t']);
        return cut(layer.start(), whole.len() - rest.len());
    }
    None
}

/// The text at a place.
pub(super) fn text(sources: &Sources, span: Span) -> Option<&str> {
    sources.get(span.source).text.get(span.start()..span.end())
}

/// What a layer with weights is called: the scope of its variables, without the part that a norm beside it makes necessary.
pub(super) fn layer(operation: &Operation) -> &str {
    let scope = operation.scope.as_str();
    if operation.slot("norm").is_some() { scope.strip_suffix(".conv").unwrap_or(scope) } else { scope }
}
