//! Messages about a spec, as data. `render` is the only place that turns them into text.

use std::collections::{HashSet, VecDeque};

use crate::characters::is_hidden;
use crate::source::Span;
use crate::suggest::Guess;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The spec is wrong, and nothing is generated from it.
    Error,
    /// The spec is accepted, but somebody should look.
    Warning,
}

impl Severity {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place that a message points at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said there; may be empty.
    pub text: String,
    /// Whether this is where the mistake is, or a place that helps to understand it.
    pub primary: bool,
}

/// A piece of text, and what replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The text that is replaced; empty where something is inserted.
    pub span: Span,
    /// What replaces it.
    pub replacement: String,
}

/// Edits that would mend the spec, all of them together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Suggestion {
    /// What the edits do.
    pub message: String,
    /// The edits, in any order; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether nothing else can have been meant, so that a tool may apply it unasked.
    pub is_safe: bool,
}

/// One message: what is wrong, where, and what to do.
///
/// Messages are lower case without a full stop; names stand in backquotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable code, `E0301`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub message: String,
    /// Places; the first primary one is the message's position.
    pub labels: Vec<Label>,
    /// Facts that explain, such as the arithmetic of a sum.
    pub notes: Vec<String>,
    /// What to do.
    pub helps: Vec<String>,
    /// Ways to mend it; where there are several, each alone is enough.
    pub suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    /// An error without labels yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A warning without labels yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    fn new(code: &'static str, severity: Severity, message: String) -> Self {
        Self {
            code,
            severity,
            message: readable(message),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// Adds the place of the mistake.
    #[must_use]
    pub fn at(self, span: Span, text: impl Into<String>) -> Self {
        self.label(span, text.into(), true)
    }

    /// Adds a place that helps to understand it.
    #[must_use]
    pub fn see(self, span: Span, text: impl Into<String>) -> Self {
        self.label(span, text.into(), false)
    }

    fn label(mut self, span: Span, text: String, primary: bool) -> Self {
        self.labels.push(Label { span, text: readable(text), primary });
        self
    }

    /// Adds a fact that explains.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(readable(text.into()));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(readable(text.into()));
        self
    }

    /// Adds an edit that may be what is meant.
    #[must_use]
    pub fn suggest(self, message: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        let edits = vec![Edit { span, replacement: replacement.into() }];
        self.suggest_all(Suggestion { message: message.into(), edits, is_safe: false })
    }

    /// Adds an edit beside which nothing else can have been meant: `check --fix` applies it.
    #[must_use]
    pub fn fix(self, message: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        let edits = vec![Edit { span, replacement: replacement.into() }];
        self.suggest_all(Suggestion { message: message.into(), edits, is_safe: true })
    }

    /// Adds edits that belong together.
    #[must_use]
    pub fn suggest_all(mut self, suggestion: Suggestion) -> Self {
        let message = readable(suggestion.message);
        self.suggestions.push(Suggestion { message, ..suggestion });
        self
    }

    /// Adds "did you mean" for the candidate nearest to `word`, which stands at `span`, if one is near enough. It is a fix
    /// where nothing else can have been meant.
    #[must_use]
    pub fn did_you_mean<'a>(self, word: &str, span: Span, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match crate::suggest::guess(word, candidates) {
            Some(guess) => self.guess(guess, span),
            None => self,
        }
    }

    /// Adds "did you mean" for a guess at the word that stands at `span`.
    #[must_use]
    pub fn guess(self, guess: Guess<'_>, span: Span) -> Self {
        let message = format!("did you mean `{}`?", guess.word);
        if guess.is_sure { self.fix(message, span, guess.word) } else { self.suggest(message, span, guess.word) }
    }

    /// Where the message stands: the first primary label, or the first label of any kind.
    pub fn span(&self) -> Option<Span> {
        self.labels.iter().find(|label| label.primary).or_else(|| self.labels.first()).map(|label| label.span)
    }
}

/// The longest text in a message, in bytes. What goes beyond is a word that nobody has written by hand.
const LONGEST: usize = 8 << 10;

/// A text of a sensible length in which every character can be seen, whatever word of a spec it holds.
fn readable(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    // Files may hold tabs; in a sentence nobody sees that one stands for a space. Notes have lines.
    let is_hidden = |character: char| is_hidden(character) || matches!(character, '\t' | '\r');
    if !text.contains(is_hidden) {
        return text;
    }
    let shown =
        |character: char| if is_hidden(character) { character.escape_default().collect() } else { vec![character] };
    text.chars().flat_map(shown).collect()
}

/// Sorts by place and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| (d.span(), d.severity, d.code));
    // Several messages can share place and code, so that a repetition need not stand beside the first.
    let mut seen = HashSet::new();
    let mut is_new: VecDeque<bool> = diagnostics.iter().map(|diagnostic| seen.insert(diagnostic)).collect();
    diagnostics.retain(|_| is_new.pop_front().unwrap_or(true));
}

/// Whether any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
