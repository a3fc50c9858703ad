//! What reading a file needs at hand: its text, and a place for the messages.

use crate::codes;
use crate::comment::{Comment, Words};
use crate::decode::{self, Flaw};
use crate::diagnostic::{self, Diagnostic};
use crate::grammar::Reading;
use crate::limits::{LARGEST, MOST_ITEMS, USUAL_ARGUMENTS};
use crate::piece::Piece;
use crate::source::{Source, SourceId, Sources, Span};
use crate::tree::Expression;

/// How many messages are kept; more than that means the file is something else than a spec.
const MOST: usize = 100;

/// A file that is being read.
pub(crate) struct Reader<'a> {
    pub(crate) source: SourceId,
    pub(crate) text: &'a str,
    pub(crate) comments: Vec<Comment>,
    pub(crate) words: Words,
    flaw: Option<Flaw>,
    diagnostics: Vec<Diagnostic>,
    /// How many layers and groups have been read.
    items: usize,
    dropped: usize,
    /// Where the first one that was dropped stands.
    first_dropped: Option<Span>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: SourceId, sources: &'a Sources) -> Self {
        let Source { text, flaw, .. } = sources.get(source);
        Self {
            source,
            text,
            flaw: *flaw,
            comments: Vec::new(),
            words: Words::default(),
            diagnostics: Vec::new(),
            items: 0,
            dropped: 0,
            first_dropped: None,
        }
    }

    /// Whether the file is a text of a sensible size; reports why not.
    pub(crate) fn is_readable(&mut self) -> bool {
        if let Some(flaw) = self.flaw {
            decode::report(flaw, self);
        } else if self.text.len() > LARGEST {
            let diagnostic = Diagnostic::error(codes::TOO_LARGE, "the file is larger than 3 MiB, which no spec is");
            self.report(diagnostic.at(self.span(0, 0), ""));
        }
        !self.has_reported()
    }

    /// Whether so many more layers and groups are few enough; reports the first that are not.
    pub(crate) fn has_room_for(&mut self, items: usize, span: Span) -> bool {
        let had_room = self.items <= MOST_ITEMS;
        self.items = self.items.saturating_add(items);
        if had_room && self.items > MOST_ITEMS {
            let message = format!("more than {MOST_ITEMS} layers and groups of layers, which no network has");
            self.report(Diagnostic::error(codes::TOO_LARGE, message).at(span, "too many with these"));
        }
        self.items <= MOST_ITEMS
    }

    /// Whether a layer may have so many arguments; many of them count as layers, and are reported as too many of these.
    pub(crate) fn has_room_for_arguments(&mut self, layer: &Expression) -> bool {
        self.has_room_for(layer.arguments.len().saturating_sub(USUAL_ARGUMENTS), layer.span)
    }

    /// Whether there are not too many layers yet, so that another one is worth reading.
    pub(crate) fn has_room(&self) -> bool {
        self.items <= MOST_ITEMS
    }

    /// A span of this file.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// A stretch of this file.
    pub(crate) fn piece(&self, start: usize, end: usize) -> Piece<'a> {
        Piece::of_source(self.source, self.text, start, end)
    }

    /// Keeps the comment that stands at `start..end`.
    pub(crate) fn comment(&mut self, start: usize, end: usize) {
        self.comments.push(Comment::at(self.span(start, end), self.text));
    }

    /// Keeps a message about this place, and makes it only if it is kept.
    pub(crate) fn report_at(&mut self, span: Span, message: impl FnOnce() -> Diagnostic) {
        if self.diagnostics.len() < MOST {
            self.diagnostics.push(message());
        } else {
            self.dropped += 1;
            self.first_dropped = self.first_dropped.or(Some(span));
        }
    }

    /// Keeps a message.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST {
            self.diagnostics.push(diagnostic);
        } else {
            self.dropped += 1;
            self.first_dropped = self.first_dropped.or(diagnostic.span());
        }
    }

    /// Whether there is any message yet.
    pub(crate) fn has_reported(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    /// Whether there is a message about something in `span`.
    pub(crate) fn has_reported_in(&self, span: Span) -> bool {
        let is_in = |place: Span| place.start() >= span.start() && place.end() <= span.end();
        self.diagnostics.iter().filter_map(Diagnostic::span).any(is_in)
    }

    /// How many messages there are.
    pub(crate) fn reported(&self) -> usize {
        self.diagnostics.len() + self.dropped
    }

    /// The thing that was read, or `None` and its message kept.
    pub(crate) fn accept<T>(&mut self, reading: Reading<T>) -> Option<T> {
        reading.map_err(|diagnostic| self.report(*diagnostic)).ok()
    }

    /// All messages, sorted by place.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let place = self.first_dropped.unwrap_or(self.span(0, 0));
        let mut diagnostics = self.diagnostics;
        if self.dropped > 0 {
            let message = format!("too many mistakes: {} more are not listed", self.dropped);
            let diagnostic = Diagnostic::error(codes::TOO_MANY, message).at(place, "the first of them");
            diagnostics.push(diagnostic.help("mend the first mistakes first: one of them may be behind the others"));
        }
        diagnostic::sort(&mut diagnostics);
        diagnostics
    }
}
