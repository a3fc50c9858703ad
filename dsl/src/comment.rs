//! Comments: no part of the tree, but kept with their places, so that a formatted file loses none.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::Span;

/// A comment, in either syntax from `#` to the end of its line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// What follows the `#`, without blanks at its end.
    pub text: String,
    /// Where it stands, the `#` included and the line's end not.
    pub span: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub alone: bool,
}

impl Comment {
    /// The comment that stands at `span` of `source`.
    pub(crate) fn at(span: Span, source: &str) -> Self {
        let text = source.get(span.start()..span.end()).unwrap_or_default();
        let before = source.get(..span.start()).unwrap_or_default();
        let line = before.rfind('\n').map_or(before, |end| &before[end..]);
        let alone = line.trim_start_matches('\u{feff}').trim().is_empty();
        Self { text: text.strip_prefix('#').unwrap_or(text).trim_end().to_owned(), span, alone }
    }
}

/// Where words of the language stand that the tree does not hold, such as `concat`, each with all that belongs to it.
///
/// Only the formatter asks: it needs to know what stands before a comment and what behind it.
#[derive(Debug, Default)]
pub(crate) struct Words {
    places: BTreeMap<(String, usize), usize>,
    /// The word of every [`crate::tree::Section::Body`], in their order: `stem`, `table` or `body`.
    pub(crate) sections: Vec<(String, Range<usize>)>,
}

impl Words {
    /// Notes that `word` and what belongs to it stand at `place`.
    pub(crate) fn add(&mut self, word: &str, place: Span) {
        self.places.insert((word.to_owned(), place.start()), place.end());
    }

    /// Notes a section of the trunk.
    pub(crate) fn add_section(&mut self, word: &str, place: Span) {
        self.sections.push((word.to_owned(), place.start()..place.end()));
    }

    /// The first `word` that starts in `within`, with what belongs to it.
    pub(crate) fn first(&self, word: &str, within: &Range<usize>) -> Option<Range<usize>> {
        let (from, to) = ((word.to_owned(), within.start), (word.to_owned(), within.end.max(within.start)));
        self.places.range(from..to).next().map(|((_, start), end)| *start..*end)
    }

    /// The `word` to which what stands at `position` belongs.
    pub(crate) fn around(&self, word: &str, position: usize) -> Option<Range<usize>> {
        let ((found, start), end) = self.places.range(..=(word.to_owned(), position)).next_back()?;
        (found == word && *end > position).then_some(*start..*end)
    }
}
