//! The file that is formatted: where its lines are, and where its words stand.

use std::ops::Range;

use super::value::argument_place;
use crate::Syntax;
use crate::comment::Words;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Defaults, Item};

/// The source of a tree.
pub(super) struct Origin<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// How it is written.
    pub(super) syntax: Syntax,
    /// Where its words stand.
    pub(super) words: &'a Words,
    /// Where its lines start.
    lines: Vec<usize>,
}

impl<'a> Origin<'a> {
    /// The source whose text this is.
    pub(super) fn new(text: &'a str, syntax: Syntax, words: &'a Words) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { text, syntax, words, lines }
    }

    /// Whether a line ends between two positions.
    pub(super) fn is_broken(&self, place: &Range<usize>) -> bool {
        self.text.get(place.clone()).is_some_and(|text| text.contains('\n'))
    }

    /// How many bytes stand before the position on its line.
    pub(super) fn column(&self, position: usize) -> usize {
        self.before(position).trim_start_matches('\u{feff}').len()
    }

    /// How far the line of the position is indented, if nothing but the dash of a list stands before it there; otherwise
    /// its column.
    pub(super) fn indent(&self, position: usize) -> usize {
        let before = self.before(position).trim_start_matches('\u{feff}');
        match before.trim_start() {
            "" => before.len(),
            rest if rest.trim_end() == "-" => before.len() - rest.len(),
            _ => before.len(),
        }
    }

    /// Whether the line above the position is empty. Only what comes first on its line has a line above it.
    pub(super) fn blank_above(&self, position: usize) -> bool {
        let before = self.before(position);
        if before.contains(|character: char| !character.is_whitespace() && character != '-') {
            return false;
        }
        let above = self.text.get(..position - before.len()).and_then(|above| above.strip_suffix('\n'));
        above.is_some_and(|above| above.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()))
    }

    /// What stands before the position on its line.
    fn before(&self, position: usize) -> &str {
        let line = self.lines.partition_point(|&start| start <= position).saturating_sub(1);
        self.lines.get(line).and_then(|&start| self.text.get(start..position)).unwrap_or_default()
    }

    /// Where the `word` stands that `content` belongs to, with all of it; otherwise where `content` does.
    pub(super) fn statement(&self, word: &str, content: Range<usize>) -> Range<usize> {
        self.words.around(word, content.start).unwrap_or(content)
    }

    /// What stands behind the `word` that starts at `place`, if one does.
    pub(super) fn behind(&self, word: &str, place: &Range<usize>) -> Range<usize> {
        let starts = self.words.first(word, &(place.start..place.start + 1)).is_some();
        place.start + if starts { word.len() } else { 0 }..place.end
    }

    /// Where `word` and what belongs to it stand in `within`; otherwise where its `parts` do.
    pub(super) fn place(&self, word: &str, within: &Range<usize>, parts: Option<Range<usize>>) -> Range<usize> {
        self.words.first(word, within).or(parts).unwrap_or(within.start..within.start)
    }
}

/// The bytes of a span.
pub(super) fn range(span: Span) -> Range<usize> {
    span.start()..span.end()
}

/// The smallest range that holds all of these.
pub(super) fn hull(ranges: impl IntoIterator<Item = Range<usize>>) -> Option<Range<usize>> {
    ranges.into_iter().reduce(|left, right| left.start.min(right.start)..left.end.max(right.end))
}

/// Where a default stands.
pub(super) fn default_place(defaults: &Defaults, origin: &Origin<'_>) -> Range<usize> {
    let arguments = defaults.arguments.iter().map(argument_place);
    let content = hull(arguments.chain([range(defaults.keyword.span)])).unwrap_or_default();
    origin.statement("default", content)
}

/// Where some words stand.
pub(super) fn words_hull<T>(words: &[Spanned<T>]) -> Option<Range<usize>> {
    hull(words.iter().map(|word| range(word.span)))
}

/// Where some items stand.
pub(super) fn items_hull(items: &[Item]) -> Option<Range<usize>> {
    hull(items.iter().map(|item| range(item.span)))
}

/// Where a construct stands, as far as the tree says.
pub(super) fn extent(construct: &Construct) -> Option<Range<usize>> {
    match construct {
        Construct::Expression(expression) => Some(range(expression.span)),
        Construct::Sequence(items) | Construct::Concat(items) | Construct::Add(items) => items_hull(items),
        Construct::Repeat(repeat) => hull(items_hull(&repeat.items).into_iter().chain([range(repeat.count.span)])),
        Construct::Table(table) => {
            let rows = table.rows.iter().map(|row| range(row.span));
            hull(rows.chain(table.columns.iter().map(|column| range(column.span))))
        }
        Construct::Invalid(span) => Some(range(*span)),
    }
}
