//! Lints: what a right spec says that its author may not have meant. Each is a file of its own, and has a code, a name, a
//! level that the spec and the command line can change, and a reason.
//!
//! They look at a checked network, so a spec with errors has none.

mod sample_mixing;

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{Diagnostic, Severity};

use crate::check::{CheckedNetwork, blame};

/// What becomes of what a lint finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// Something that is allowed, and often a slip.
#[derive(Debug)]
pub struct Lint {
    /// Its stable code, `W0401`.
    pub code: &'static str,
    /// Its name, by which specs and the command line call it, `sample-mixing`.
    pub name: &'static str,
    /// Its level when nobody says another.
    pub level: Level,
    /// Why somebody should look, in a sentence.
    pub reason: &'static str,
    /// All places in a network, as warnings with this code.
    find: fn(&Subject<'_>) -> Vec<Diagnostic>,
}

/// Every lint, in the order of their codes.
pub const ALL: &[&Lint] = &[&sample_mixing::LINT];

/// What lints look at.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// The network.
    pub(crate) checked: &'a CheckedNetwork,
}

/// Levels that somebody has set, by code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Levels(BTreeMap<&'static str, Level>);

impl Levels {
    /// The level of a lint.
    fn of(&self, lint: &Lint) -> Level {
        self.0.get(lint.code).copied().unwrap_or(lint.level)
    }
}

/// Everything that the lints find: warnings, and errors where a lint is denied.
pub(crate) fn run(subject: &Subject<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in ALL {
        let severity = match levels.of(lint) {
            Level::Allow => continue,
            Level::Warn => Severity::Warning,
            Level::Deny => Severity::Error,
        };
        found.extend((lint.find)(subject).into_iter().map(|diagnostic| Diagnostic { severity, ..diagnostic }));
    }
    blame::fold(found)
}
