//! Why an operation cannot take its inputs.

use std::collections::HashMap;

/// Why an operation cannot take its inputs, free of positions: `check` knows where the blamed thing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) blame: Blame,
    pub(crate) label: String,
    pub(crate) notes: Vec<String>,
    pub(crate) helps: Vec<String>,
}

/// What a problem points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The value of an attribute, or the layer when it was not written.
    Slot(&'static str),
    /// Inputs that do not go together: what is said of each, and whether it is an odd one out.
    Inputs(Vec<(String, bool)>),
    /// The layer as a whole.
    Layer,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: String, blame: Blame, label: String) -> Self {
        Self { code, message, blame, label, notes: Vec::new(), helps: Vec::new() }
    }

    pub(crate) fn note(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    pub(crate) fn help(mut self, help: &str) -> Self {
        self.helps.push(help.into());
        self
    }
}

impl Blame {
    /// Inputs that do not go together, with what is said of each, and which are odd.
    pub(crate) fn inputs(words: impl IntoIterator<Item = String>, odd: Vec<bool>) -> Self {
        Self::Inputs(words.into_iter().zip(odd).collect())
    }
}

/// Which of several kinds, each in words, are odd: those that are not as most are, or as the first is where no kind is in the
/// majority.
pub(crate) fn odd_ones(kinds: &[String]) -> Vec<bool> {
    let mut votes: HashMap<&str, usize> = HashMap::new();
    for kind in kinds {
        *votes.entry(kind).or_default() += 1;
    }
    let usual = kinds.iter().rev().max_by_key(|kind| votes.get(kind.as_str()));
    kinds.iter().map(|kind| Some(kind) != usual).collect()
}
