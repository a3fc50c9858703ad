//! Source texts, and positions in them.

use crate::decode::{Decoded, Flaw};

/// Which text of a [`Sources`] a span belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// One text that takes part in a compilation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What messages call it: a path as the user wrote it, or the name of an embedded spec.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// What is wrong with the bytes that it was made from; readers refuse such a text.
    pub flaw: Option<Flaw>,
}

/// All texts of a compilation. Spans point into it, so it only grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    texts: Vec<Source>,
    /// Of each text.
    lines: Vec<Lines>,
}

impl Sources {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text, or the bytes of one, and returns the id by which spans refer to it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Decoded>) -> SourceId {
        let Decoded { text, flaw } = text.into();
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.lines.push(Lines::of(&text));
        self.texts.push(Source { name: name.into(), text, flaw });
        id
    }

    /// Calls the texts that have one of `names` by other names from now on.
    pub fn rename(&mut self, names: &[String], name: impl Fn(&str) -> String) {
        for source in self.texts.iter_mut().filter(|source| names.contains(&source.name)) {
            source.name = name(&source.name);
        }
    }

    /// All texts, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.texts
            .iter()
            .enumerate()
            .map(|(index, source)| (SourceId(u32::try_from(index).unwrap_or(u32::MAX)), source))
    }

    /// The text that `id` stands for.
    ///
    /// # Panics
    ///
    /// When `id` came from another collection.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.texts[id.0 as usize]
    }

    /// The line and column of a byte.
    ///
    /// # Panics
    ///
    /// When `id` came from another collection.
    pub fn position(&self, id: SourceId, byte: usize) -> Position {
        self.lines[id.0 as usize].position(&self.get(id).text, byte)
    }
}

/// A place as editors count: lines and columns from one, columns in characters. A byte order mark is no character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What makes positions quick to find in long texts, also in those of one long line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lines {
    /// The first byte of every line.
    starts: Vec<usize>,
    /// How many characters begin before each block of [`BLOCK`] bytes.
    characters: Vec<usize>,
}

/// So few bytes are counted one by one.
const BLOCK: usize = 1024;

impl Lines {
    fn of(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        let characters = text.as_bytes().chunks(BLOCK).scan(0, |sum, block| {
            let before = *sum;
            *sum += beginning_in(block);
            Some(before)
        });
        Self { starts: std::iter::once(first).chain(newlines).collect(), characters: characters.collect() }
    }

    fn position(&self, text: &str, byte: usize) -> Position {
        let byte = byte.min(text.len());
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.before(text, byte).saturating_sub(self.before(text, start)) + 1;
        Position { line, column }
    }

    /// How many characters begin before `byte`.
    fn before(&self, text: &str, byte: usize) -> usize {
        let block = byte / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..byte).unwrap_or_default();
        self.characters.get(block).map_or_else(|| self.all(text), |before| before + beginning_in(rest))
    }

    /// How many characters there are, for the end of a text whose last block is full.
    fn all(&self, text: &str) -> usize {
        let last = self.characters.len().saturating_sub(1);
        let rest = text.as_bytes().get(last * BLOCK..).unwrap_or_default();
        self.characters.last().map_or(0, |before| before + beginning_in(rest))
    }
}

/// How many characters begin in a stretch of UTF-8: the bytes that continue one look like `10......`.
fn beginning_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

/// A byte range in one source, as small as can be: large specs have millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    start: u32,
    end: u32,
}

impl Span {
    /// A span of `source` from byte `start` up to `end`. Beyond the first 4 GiB, of which readers accept 3 MiB, there are no
    /// places.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let [start, end] = [start, end].map(|byte| u32::try_from(byte).unwrap_or(u32::MAX));
        Self { source, start, end }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The same up to its end, from byte `start`.
    #[must_use]
    pub fn starting_at(self, start: usize) -> Self {
        Self::new(self.source, start, self.end())
    }

    /// The same from its start, up to byte `end`.
    #[must_use]
    pub fn ending_at(self, end: usize) -> Self {
        Self::new(self.source, self.start(), end)
    }

    /// The smallest span that holds both; `other` must be of the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and where it was written.
///
/// Equality looks at the value alone: two texts that say the same thing give equal trees, wherever the words stand.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Sources};

    /// Holds every position against what counting from the beginning gives.
    #[test]
    fn positions_are_those_that_counting_finds() {
        let long = "größer \u{1f600} ".repeat(600);
        let texts =
            ["", "a", "a\n", "\u{feff}network: Net\r\n\tx: ü\n", &long, &format!("{long}\n{long}"), &"x".repeat(2048)];
        for text in texts {
            let mut sources = Sources::new();
            let id = sources.add("text", text);
            let mut expected = Position { line: 1, column: 1 };
            for (byte, character) in text.char_indices() {
                assert_eq!(sources.position(id, byte), expected, "byte {byte} of {text:?}");
                expected = match character {
                    '\n' => Position { line: expected.line + 1, column: 1 },
                    '\u{feff}' => expected,
                    _ => Position { column: expected.column + 1, ..expected },
                };
            }
            assert_eq!(sources.position(id, text.len()), expected, "{text:?}");
            assert_eq!(sources.position(id, text.len() + 1), expected, "{text:?}");
        }
    }
}
