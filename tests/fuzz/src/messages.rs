//! What holds for every message, whatever it is about.

use std::collections::HashSet;

use googlenetc_dsl::diagnostic::{Diagnostic, Edit};
use googlenetc_dsl::render;
use googlenetc_dsl::source::{Sources, Span};

/// Longer than anybody reads: rendering all of them would only take time.
const MOST_RENDERED: usize = 20;

/// Asserts that messages are sorted, each there once, with places inside of their texts, and that they can be shown.
pub fn check(diagnostics: &[Diagnostic], sources: &Sources) {
    // What has no place of its own may stand anywhere.
    let placed: Vec<_> = diagnostics.iter().filter_map(|diagnostic| diagnostic.span()).collect();
    assert!(placed.is_sorted(), "messages are not sorted");
    let mut seen = HashSet::new();
    for diagnostic in diagnostics {
        assert!(seen.insert(format!("{diagnostic:?}")), "twice: {diagnostic:?}");
        check_one(diagnostic, sources);
    }
    let few = &diagnostics[..diagnostics.len().min(MOST_RENDERED)];
    let rendered = render::render(few, sources, false);
    let is_hidden = |character: char| {
        let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (character.is_control() && character != '\n')
    };
    assert!(!rendered.contains(is_hidden), "a control character is printed: {rendered:?}");
    render::render(few, sources, true);
    for diagnostic in few {
        assert!(!render::short(diagnostic, sources).contains(char::is_control), "{diagnostic:?}");
    }
}

fn check_one(diagnostic: &Diagnostic, sources: &Sources) {
    assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{diagnostic:?}");
    for label in &diagnostic.labels {
        check_span(label.span, sources);
    }
    for suggestion in &diagnostic.suggestions {
        let mut edits: Vec<&Edit> = suggestion.edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        for pair in edits.windows(2) {
            let (one, next) = (pair[0].span, pair[1].span);
            assert!(one.source != next.source || one.end() <= next.start(), "edits overlap: {diagnostic:?}");
        }
        edits.iter().for_each(|edit| check_span(edit.span, sources));
    }
}

fn check_span(span: Span, sources: &Sources) {
    let text = &sources.get(span.source).text;
    assert!(text.get(span.start()..span.end()).is_some(), "{span:?} is not in a text of {} bytes", text.len());
}
