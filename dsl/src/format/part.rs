//! What both printers are made of: a part is something that can stand on a line of its own, with the comments around it.

use std::ops::Range;

/// A statement, an entry of a mapping, an element of a list.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Where the source has it, in bytes; comments find their parts by it.
    pub(super) place: Range<usize>,
    /// What it starts with: `conv1:`, `block inception`; empty for an element of a list.
    pub(super) label: String,
    /// What follows the label in parentheses, in the text language.
    pub(super) parameters: Vec<Part>,
    /// What follows the parentheses: `:` or nothing.
    pub(super) tail: &'static str,
    /// What it holds.
    pub(super) content: Content,
    /// Whether braces stand around it on one line: `{concat: ...}` as the element of a YAML list.
    pub(super) braced: bool,
    /// Whether the author has written it over several lines.
    pub(super) tall: bool,
    /// Its place among its neighbours: those of rank 0 come first, and those of one rank in the order of the source.
    pub(super) rank: u8,
    /// The key under which YAML puts it together with its like: `blocks`.
    pub(super) group: Option<&'static str>,
    /// The comments around it.
    pub(super) notes: Notes,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum Content {
    /// A text that stays on one line.
    Leaf(String),
    /// Parts of its own.
    Parts(Form, Vec<Part>),
}

/// How the parts of a part are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// YAML's mapping, `{a: relu, b: identity}`.
    Mapping,
    /// YAML's list of layers, `[relu, flatten]`.
    List,
    /// YAML's list of words, which the author's line ends do not matter to: `[n1x1, n3x3]`.
    Words,
    /// Statements in braces, `{ relu; flatten }`.
    Braces,
    /// Parts that always stand on lines of their own: a mapping in YAML, braces in the text language.
    Lines,
    /// Layers of one branch, `conv 1x1 64; conv 3x3 64`.
    Joined,
}

/// The comments around a part.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// On lines of their own before it.
    pub(super) before: Vec<Note>,
    /// Whether an empty line stands directly before it, behind those comments.
    pub(super) blank: bool,
    /// At the end of the line that opens it, `stem:   # like this`.
    pub(super) opening: Vec<String>,
    /// At the end of its last line.
    pub(super) behind: Vec<String>,
    /// On lines of their own at its end, behind everything that it holds.
    pub(super) end: Vec<Note>,
}

/// A comment on a line of its own.
#[derive(Debug)]
pub(super) struct Note {
    /// What follows the `#`.
    pub(super) text: String,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
}

impl Default for Content {
    fn default() -> Self {
        Self::Leaf(String::new())
    }
}

impl Part {
    /// A part with nothing particular about it.
    pub(super) fn new(place: Range<usize>, label: impl Into<String>, content: Content) -> Self {
        Self { place, label: label.into(), content, ..Self::default() }
    }

    /// A part on one line.
    pub(super) fn leaf(place: Range<usize>, label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(place, label, Content::Leaf(text.into()))
    }

    /// The parts that it holds.
    pub(super) fn children(&self) -> &[Part] {
        match &self.content {
            Content::Leaf(_) => &[],
            Content::Parts(_, parts) => parts,
        }
    }

    /// Whether comments stand in it or around it, so that it cannot be a part of a line.
    pub(super) fn is_noted(&self) -> bool {
        let Notes { before, blank: _, opening, behind, end } = &self.notes;
        !(before.is_empty() && opening.is_empty() && behind.is_empty() && end.is_empty()) || self.is_noted_inside()
    }

    fn is_noted_inside(&self) -> bool {
        self.children().iter().chain(&self.parameters).any(Self::is_noted)
    }

    /// The part on one line, if it can stand on one.
    pub(super) fn flat(&self) -> Option<String> {
        self.flat_beside(Form::Lines)
    }

    /// The part on one line with others, which are put together in this form.
    fn flat_beside(&self, others: Form) -> Option<String> {
        let is_open = !self.notes.opening.is_empty() || !self.notes.end.is_empty();
        if self.tall || is_open || self.is_noted_inside() {
            return None;
        }
        let header = self.header();
        let content = match &self.content {
            Content::Leaf(text) => text.clone(),
            // Beside other branches, `a: relu; conv 1x1 8; b: relu` is hard to read.
            Content::Parts(Form::Joined, parts) if others == Form::Braces => Form::Braces.flat(parts)?,
            Content::Parts(form, parts) => form.flat(parts)?,
        };
        let gap = if header.is_empty() || content.is_empty() { "" } else { " " };
        let (open, close) = if self.braced { ("{", "}") } else { ("", "") };
        Some(format!("{open}{header}{gap}{content}{close}"))
    }

    /// Label and parameters on one line.
    pub(super) fn header(&self) -> String {
        if self.parameters.is_empty() {
            return format!("{}{}", self.label, self.tail);
        }
        let words: Vec<String> = self.parameters.iter().filter_map(Self::flat).collect();
        format!("{}({}){}", self.label, words.join(", "), self.tail)
    }
}

impl Form {
    fn flat(self, parts: &[Part]) -> Option<String> {
        let parts: Vec<String> = parts.iter().map(|part| part.flat_beside(self)).collect::<Option<_>>()?;
        Some(match self {
            Self::Mapping => format!("{{{}}}", parts.join(", ")),
            Self::List | Self::Words => format!("[{}]", parts.join(", ")),
            Self::Braces => format!("{{ {} }}", parts.join("; ")),
            Self::Joined => parts.join("; "),
            Self::Lines => return None,
        })
    }
}
