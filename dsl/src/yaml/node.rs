//! YAML as a tree of nodes with places, before anybody asks what a spec is.

use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};

/// One value of a YAML document.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands: from its first character, a bracket or quote included, to its last.
    pub span: Span,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A text, a number, anything that is neither list nor mapping.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping; no key is there twice.
    Mapping(Vec<(Spanned<String>, Node)>),
    /// Nothing: `key:` and no value.
    Empty,
    /// Something that an error has already been reported for.
    Refused,
}

/// A scalar of YAML.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// The text, after YAML's own escapes and line folding.
    pub text: String,
    /// Whether it stands without quotes and not in a block of lines, so that YAML readers may take `3` for a number.
    pub plain: bool,
    /// Where the text starts in the source (behind a quote), if the source holds it as it is.
    pub start: Option<usize>,
}

impl Kind {
    /// Whether it is a list or a mapping, as layers are.
    pub(super) fn has_parts(&self) -> bool {
        matches!(self, Self::Sequence(_) | Self::Mapping(_))
    }

    /// What messages call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "a text",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
            Self::Empty | Self::Refused => "empty",
        }
    }
}

impl Scalar {
    /// The text as a piece whose parts have exact places, as far as the source shows the text as it is.
    ///
    /// A plain text over several lines is taken with its line breaks, which the grammar reads as blanks.
    pub(crate) fn piece<'p>(&'p self, span: Span, reader: &Reader<'p>) -> Piece<'p> {
        match self.start {
            Some(start) => Piece::of_own_text(span.source, &self.text, start),
            None if self.plain => reader.piece(span.start(), span.end()),
            None => Piece::derived(&self.text, span),
        }
    }
}
