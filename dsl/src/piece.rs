//! A stretch of text that a grammar rule reads, and where its bytes stand in the source.

use crate::source::{SourceId, Span};

/// Text to be read, with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Where all of it stands.
    pub(crate) span: Span,
    /// Whether the text stands in the source as it is. A YAML string with escapes does not, and then every part of it
    /// gets the place of the whole.
    exact: bool,
    /// The sign that would begin another layer behind one, where the syntax has one here.
    pub(crate) separator: Option<&'static str>,
}

impl<'a> Piece<'a> {
    /// The bytes `start..end` of `source`, whose text is `text`.
    pub(crate) fn of_source(source: SourceId, text: &'a str, start: usize, end: usize) -> Self {
        Self::of_own_text(source, text.get(start..end).unwrap_or_default(), start)
    }

    /// A text that stands in `source` from byte `start` on, and that the caller holds a copy of.
    pub(crate) fn of_own_text(source: SourceId, text: &'a str, start: usize) -> Self {
        Self { text, span: Span::new(source, start, start + text.len()), exact: true, separator: None }
    }

    /// A text that the source says in other characters.
    pub(crate) fn derived(text: &'a str, span: Span) -> Self {
        Self { text, span, exact: false, separator: None }
    }

    /// The same where layers are parted by a sign.
    pub(crate) fn parted_by(self, separator: &'static str) -> Self {
        Self { separator: Some(separator), ..self }
    }

    /// Whether parts of it have places of their own.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact
    }

    /// Where the bytes `start..end` of the text stand.
    pub(crate) fn place(&self, start: usize, end: usize) -> Span {
        if self.exact {
            Span::new(self.span.source, self.span.start() + start, self.span.start() + end)
        } else {
            self.span
        }
    }

    /// The bytes `start..end` of the text, as a piece of its own.
    pub(crate) fn part(&self, start: usize, end: usize) -> Self {
        Self { text: self.text.get(start..end).unwrap_or_default(), span: self.place(start, end), ..*self }
    }

    /// Without the white space at both ends.
    pub(crate) fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.part(start, start + self.text.trim().len())
    }
}
