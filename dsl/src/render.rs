//! Messages as text, in the manner of rustc. The only user of `annotate-snippets`.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};

use crate::characters::is_hidden;
use crate::diagnostic::{Diagnostic, Edit, Label, Severity, Suggestion};
use crate::source::{Position, SourceId, Sources, Span};

/// The renderer goes through all the text of a snippet, which for a hundred messages about one line of a megabyte takes
/// minutes. Nobody reads more than this many bytes of a spec in one message.
const LONGEST: usize = 16 << 10;

/// All messages, each with the lines that it points at, a blank line after each.
///
/// With `color` the text holds escape sequences for a terminal.
pub fn render<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let messages = diagnostics.into_iter().map(|diagnostic| renderer.render(&groups(diagnostic, sources)) + "\n\n");
    messages.collect()
}

/// One line: `spec.yaml:12:5: error[E0301]: message`.
pub fn short(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = diagnostic.severity.name();
    let place = diagnostic.span().map_or_else(String::new, |span| position(span, sources) + ": ");
    let message = diagnostic.message.replace(['\n', '\r'], " ");
    format!("{place}{severity}[{}]: {message}", diagnostic.code)
}

/// `spec.yaml:12:5`: line and column count from one, columns in characters.
fn position(span: Span, sources: &Sources) -> String {
    let Position { line, column } = sources.position(span.source, span.start());
    format!("{}:{line}:{column}", sources.get(span.source).name)
}

/// The message itself, and a group for every suggestion.
fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let message = Group::with_title(title)
        .elements(snippets(&diagnostic.labels, sources))
        .elements(diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str())))
        .elements(diagnostic.helps.iter().map(|help| Level::HELP.message(help.as_str())));
    let suggestions = diagnostic.suggestions.iter().map(|suggestion| {
        Group::with_title(Level::HELP.secondary_title(suggestion.message.as_str()))
            .elements(patches(suggestion, sources))
    });
    std::iter::once(message).chain(suggestions).collect()
}

/// One snippet per source, that of the first primary label first.
fn snippets<'a>(labels: &'a [Label], sources: &'a Sources) -> Vec<Element<'a>> {
    let mut order: Vec<SourceId> = Vec::new();
    let (primary, other): (Vec<&Label>, Vec<&Label>) = labels.iter().partition(|label| label.primary);
    for label in primary.into_iter().chain(other) {
        if !order.contains(&label.span.source) {
            order.push(label.span.source);
        }
    }
    let of_source = |id: SourceId| labels.iter().filter(|label| label.span.source == id).collect::<Vec<_>>();
    order.into_iter().flat_map(|id| places(&of_source(id), sources)).collect()
}

/// The lines around all labels, which are of one source; where these are too many, or too long, those of each label.
fn places<'a>(labels: &[&'a Label], sources: &'a Sources) -> Vec<Element<'a>> {
    let Some(whole) = labels.iter().map(|label| label.span).reduce(Span::to) else { return Vec::new() };
    let window = Window::around(whole, sources);
    if window.text.len() > LONGEST {
        return match labels {
            [label] => place(label, sources),
            _ => labels.iter().flat_map(|label| places(&[label], sources)).collect(),
        };
    }
    let annotations = labels.iter().map(|label| {
        let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let text = (!label.text.is_empty()).then_some(label.text.as_str());
        kind.span(window.range(label.span)).label(text)
    });
    vec![window.snippet().annotations(annotations).into()]
}

/// The place of a label without its lines.
fn place<'a>(label: &'a Label, sources: &'a Sources) -> Vec<Element<'a>> {
    let Position { line, column } = sources.position(label.span.source, label.span.start());
    let origin = Origin::path(sources.get(label.span.source).name.as_str()).line(line).char_column(column);
    let text = (!label.text.is_empty()).then(|| Level::NOTE.message(label.text.as_str()).into());
    std::iter::once(origin.into()).chain(text).collect()
}

/// One snippet per source, in order, where lines are not too long.
fn patches<'a>(suggestion: &'a Suggestion, sources: &'a Sources) -> Vec<Snippet<'a, Patch<'a>>> {
    let mut edits: Vec<&Edit> = suggestion.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let snippet = |edits: &[&'a Edit]| {
        let whole = edits.iter().map(|edit| edit.span).reduce(Span::to)?;
        let window = Some(Window::around(whole, sources)).filter(|window| window.text.len() <= LONGEST)?;
        let patch = |edit: &&'a Edit| Patch::new(window.range(edit.span), edit.replacement.as_str());
        Some(window.snippet().patches(edits.iter().map(patch)))
    };
    edits.chunk_by(|one, next| one.span.source == next.span.source).filter_map(snippet).collect()
}

/// The lines that a snippet shows. The renderer goes through all the text that it is given, so it gets no more.
struct Window<'a> {
    name: &'a str,
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    /// The whole lines that `span` touches.
    fn around(span: Span, sources: &'a Sources) -> Self {
        let source = sources.get(span.source);
        let text = source.text.as_str();
        let byte_order_mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let before = text.get(..span.start()).unwrap_or(text);
        let start = before.rfind('\n').map_or(byte_order_mark, |newline| newline + 1);
        let end = span.end().clamp(start, text.len());
        let end = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| end + newline);
        Self {
            name: &source.name,
            text: text.get(start..end).unwrap_or_default(),
            start,
            first_line: sources.position(span.source, span.start()).line,
        }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(visible(self.text)).path(self.name).line_start(self.first_line)
    }

    /// Where `span` is in the window's text.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let inside = |position: usize| position.saturating_sub(self.start).min(self.text.len());
        inside(span.start())..inside(span.end()).max(inside(span.start()))
    }
}

/// The text with signs in place of characters that a terminal would obey or not show, each of as many bytes. The renderer does
/// so itself for most of them.
fn visible(text: &str) -> Cow<'_, str> {
    let sign = |character: char| match character.len_utf8() {
        _ if !is_hidden(character) || character.is_ascii() => character,
        2 => '\u{bf}',
        _ => char::REPLACEMENT_CHARACTER,
    };
    if text.chars().any(|character| sign(character) != character) {
        text.chars().map(sign).collect::<String>().into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{render, short};
    use crate::diagnostic::Diagnostic;
    use crate::source::{Sources, Span};

    #[test]
    fn a_message_over_two_sources_shows_both() {
        let mut sources = Sources::new();
        let user = sources.add("net.yaml", "a: b\nstem:\n  x: inception 1\n");
        let library = sources.add("library.yaml", "blocks:\n  inception:\n    parameters: [n, m]\n");
        let diagnostic = Diagnostic::error("E0999", "`inception` takes two arguments")
            .see(Span::new(library, 10, 19), "declared here")
            .at(Span::new(user, 16, 27), "one argument")
            .note("a note")
            .help("a help")
            .suggest("give the other", Span::new(user, 27, 27), " 2");
        assert_eq!(short(&diagnostic, &sources), "net.yaml:3:6: error[E0999]: `inception` takes two arguments");
        insta::assert_snapshot!(render(&[diagnostic], &sources, false));
    }

    #[test]
    fn places_at_the_end_and_in_an_empty_file_are_shown() {
        let mut sources = Sources::new();
        let empty = sources.add("empty.yaml", "");
        let text = sources.add("text.yaml", "größer: 1\n");
        let end = sources.get(text).text.len();
        let at = |span| Diagnostic::error("E0999", "here").at(span, "label");
        let after_umlaut = at(Span::new(text, 10, 11));
        assert_eq!(short(&after_umlaut, &sources), "text.yaml:1:9: error[E0999]: here");
        assert_eq!(short(&at(Span::new(text, end, end)), &sources), "text.yaml:2:1: error[E0999]: here");
        assert_eq!(short(&Diagnostic::error("E0999", "no\nwhere"), &sources), "error[E0999]: no where");
        let all =
            [at(Span::new(empty, 0, 0)), after_umlaut, at(Span::new(text, end, end)), at(Span::new(text, 0, end))];
        insta::assert_snapshot!(render(&all, &sources, false));
    }

    /// Labels far apart have lines of their own; a line that is too long to be shown has its place.
    #[test]
    fn long_texts_are_not_shown_whole() {
        let mut sources = Sources::new();
        let filler = "# filler\n".repeat(10_000);
        let apart = sources.add("apart.yaml", format!("first: 1\n{filler}later: 2\n"));
        let line = sources.add("line.yaml", format!("a: 1\nb: [{}, wrong]\n", "x, ".repeat(10_000)));
        let [near, far] = [9 + filler.len(), 9 + 3 * 10_000].map(|start| (start, start + 5));
        let diagnostics = [
            Diagnostic::error("E0999", "far apart")
                .at(Span::new(apart, near.0, near.1), "here")
                .see(Span::new(apart, 0, 5), "first"),
            Diagnostic::error("E0999", "in a long line").at(Span::new(line, far.0, far.1), "here").suggest(
                "write `right`",
                Span::new(line, far.0, far.1),
                "right",
            ),
        ];
        insta::assert_snapshot!(render(&diagnostics, &sources, false));
    }

    /// Nothing here may take longer the more there is before it.
    #[test]
    fn a_hundred_thousand_messages_are_told_at_once() {
        let mut sources = Sources::new();
        let id = sources.add("many.yaml", "größe: 1 ".repeat(100_000));
        let length = "größe: 1 ".len();
        let diagnostics: Vec<Diagnostic> = (0..100_000)
            .map(|number| {
                Diagnostic::error("E0999", "here").at(Span::new(id, number * length, number * length + 7), "")
            })
            .collect();
        let start = std::time::Instant::now();
        let lines: Vec<String> = diagnostics.iter().map(|diagnostic| short(diagnostic, &sources)).collect();
        assert_eq!(lines[99_999], "many.yaml:1:899992: error[E0999]: here");
        assert_eq!(render(&diagnostics[99_900..], &sources, false).matches("many.yaml:1:").count(), 100);
        // Quadratic counting would go through 50 GB.
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn color_is_given_only_when_asked_for() {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", "a");
        let diagnostic = [Diagnostic::error("E0999", "here").at(Span::new(id, 0, 1), "")];
        assert!(render(&diagnostic, &sources, true).contains('\u{1b}'));
        assert!(!render(&diagnostic, &sources, false).contains('\u{1b}'));
    }
}
