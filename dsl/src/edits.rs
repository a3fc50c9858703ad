//! Suggestions that a tool applies unasked, and texts with edits applied.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::source::{SourceId, Span};

/// The safe suggestions that can be applied together: for every message its first one, unless it touches what an earlier
/// one changes, or a source that is not among `changeable`.
pub fn choose<'d>(diagnostics: &'d [Diagnostic], changeable: &[SourceId]) -> Vec<&'d Suggestion> {
    let mut taken = Taken::default();
    let first = |diagnostic: &'d Diagnostic| diagnostic.suggestions.iter().find(|suggestion| suggestion.is_safe);
    let suggestions = diagnostics.iter().filter_map(first).filter(|suggestion| {
        let fits = |edit: &Edit| changeable.contains(&edit.span.source) && taken.is_free(edit.span);
        let all_fit = !suggestion.edits.is_empty() && suggestion.edits.iter().all(fits);
        if all_fit {
            suggestion.edits.iter().for_each(|edit| taken.take(edit.span));
        }
        all_fit
    });
    suggestions.collect()
}

/// What of the sources is changed already; the parts do not overlap.
#[derive(Default)]
struct Taken(BTreeMap<(SourceId, usize), usize>);

impl Taken {
    fn take(&mut self, span: Span) {
        self.0.insert((span.source, span.start()), span.end());
    }

    /// Whether a change of `span` comes into nobody's way. Of two insertions at one place it is not known which comes first.
    fn is_free(&self, span: Span) -> bool {
        let before = self.0.range((span.source, 0)..=(span.source, span.end())).rev();
        let mut near = before.map(|((_, start), end)| (*start, *end)).take_while(|(_, end)| *end >= span.start());
        !near.any(|(start, end)| {
            let touches_insertion = start == end || span.start() == span.end();
            touches_insertion || (start < span.end() && span.start() < end)
        })
    }
}

/// `text` with edits, which may come in any order. What they insert gets the text's own line ends. `None` when they overlap,
/// or one does not stand on whole characters.
pub fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut edited = String::with_capacity(text.len());
    let mut position = 0;
    for edit in edits {
        edited.push_str(text.get(position..edit.span.start())?);
        edited.push_str(&edit.replacement.replace("\r\n", "\n").replace('\n', line_end));
        position = edit.span.end().max(edit.span.start());
    }
    edited.push_str(text.get(position..)?);
    Some(edited)
}

#[cfg(test)]
mod tests {
    use super::{apply, choose};
    use crate::diagnostic::{Diagnostic, Edit, Suggestion};
    use crate::source::{SourceId, Sources, Span};

    fn source() -> SourceId {
        Sources::new().add("text", "")
    }

    /// Replaces the first `old` of `text`.
    fn replace(text: &str, old: &str, new: &str) -> Edit {
        let start = text.find(old).expect("it is there");
        Edit { span: Span::new(source(), start, start + old.len()), replacement: new.into() }
    }

    #[test]
    fn edits_are_applied_in_any_order_to_whole_characters() {
        let text = "\u{feff}größe: 1\nname: ß\n";
        let edits = [replace(text, "ß\n", "\u{1f600}\n"), replace(text, "größe", "size"), replace(text, " 1", " 12")];
        let all: Vec<&Edit> = edits.iter().collect();
        assert_eq!(apply(text, &all).as_deref(), Some("\u{feff}size: 12\nname: \u{1f600}\n"));
        let at_the_end = Edit { span: Span::new(source(), text.len(), text.len()), replacement: "x".into() };
        assert_eq!(apply(text, &[&at_the_end]), Some(format!("{text}x")));
        assert_eq!(apply(text, &[]).as_deref(), Some(text));
    }

    #[test]
    fn what_is_inserted_gets_the_line_ends_of_the_text() {
        let text = "a: 1\r\nb: 2\r\n";
        assert_eq!(apply(text, &[&replace(text, "1", "1\nc: 3")]).as_deref(), Some("a: 1\r\nc: 3\r\nb: 2\r\n"));
        assert_eq!(apply(text, &[&replace(text, "1", "1\r\nc: 3")]).as_deref(), Some("a: 1\r\nc: 3\r\nb: 2\r\n"));
        assert_eq!(apply("a: 1\n", &[&replace("a: 1\n", "1", "1\nc: 3")]).as_deref(), Some("a: 1\nc: 3\n"));
    }

    #[test]
    fn edits_that_cannot_be_applied_are_refused() {
        let text = "größe: 1\n";
        let edit = |start, end| Edit { span: Span::new(source(), start, end), replacement: "x".into() };
        assert_eq!(apply(text, &[&edit(0, 4), &edit(2, 6)]), None, "they overlap");
        assert_eq!(apply(text, &[&edit(3, 5)]), None, "the middle of a character");
        assert_eq!(apply(text, &[&edit(0, 99)]), None, "beyond the end");
        assert_eq!(apply(text, &[&edit(99, 99)]), None, "beyond the end");
    }

    #[test]
    fn the_first_of_overlapping_suggestions_wins() {
        let at = |start, end| Span::new(source(), start, end);
        let fix = |start, end, name: &str| Diagnostic::error("E0999", "wrong").fix(name, at(start, end), "x");
        let two = Suggestion {
            message: "two".into(),
            edits: vec![
                Edit { span: at(30, 31), replacement: "x".into() },
                Edit { span: at(11, 12), replacement: "x".into() },
            ],
            is_safe: true,
        };
        let diagnostics = [
            fix(10, 20, "first"),
            fix(15, 16, "inside"),
            fix(5, 11, "overlaps its start"),
            fix(20, 20, "inserts at its end"),
            fix(20, 25, "begins where it ends"),
            Diagnostic::error("E0999", "half of it is taken").suggest_all(two),
            fix(30, 31, "free all the same"),
            Diagnostic::error("E0999", "unsafe").suggest("unsafe", at(40, 41), "x"),
            Diagnostic::error("E0999", "both").suggest("unsafe", at(50, 51), "x").fix("second", at(52, 53), "x"),
            fix(60, 60, "insertion"),
            fix(60, 60, "another insertion"),
        ];
        let messages = |sources: &[SourceId]| -> Vec<String> {
            choose(&diagnostics, sources).into_iter().map(|suggestion| suggestion.message.clone()).collect()
        };
        assert_eq!(
            messages(&[source()]),
            ["first", "begins where it ends", "free all the same", "second", "insertion"]
        );
        assert!(messages(&[]).is_empty(), "no source may be changed");
    }
}
