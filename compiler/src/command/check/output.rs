//! Where the messages of `check` go, and in which form.

use anstream::{eprint, eprintln};
use clap::ValueEnum;
use googlenetc::explain;
use googlenetc::messages::{self, Outcome, Verdict};

use super::super::{FINE, LIMIT, print};
use super::code;

/// How messages are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// As rustc does, with the lines of the spec; to standard error
    Human,
    /// A line for each: `net.yaml:3:6: error[E0202]: ...`
    Short,
    /// An object on a line for each, and one for the verdict on each spec
    Json,
    /// One document of SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub's workflow commands, which become annotations of a pull request
    Github,
}

/// What was found, and what is still to be printed.
pub(super) struct Output {
    format: Format,
    limit: Option<usize>,
    outcomes: Vec<Outcome>,
    /// The worst exit code yet.
    pub(super) worst: u8,
}

impl Output {
    /// Nothing yet.
    pub(super) fn new(format: Format, limit: Option<usize>) -> Self {
        let usual = match format {
            Format::Human | Format::Short | Format::Github => Some(LIMIT),
            Format::Json | Format::Sarif => None,
        };
        let limit = limit.map_or(usual, |limit| (limit > 0).then_some(limit));
        Self { format, limit, outcomes: Vec::new(), worst: FINE }
    }

    /// Whether only programs read.
    fn is_silent(&self) -> bool {
        matches!(self.format, Format::Json | Format::Sarif)
    }

    /// Says which files of a folder are no specs.
    pub(super) fn skipped(&self, folder: &str, files: &[String]) {
        if !files.is_empty() && !self.is_silent() {
            eprintln!("{folder}: skipped what holds neither a network nor blocks: {}", files.join(", "));
        }
    }

    /// Prints what there is to say about a spec, unless it has to wait for all others.
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.worst = self.worst.max(code(outcome.verdict));
        let shown = messages::at_most(&outcome.diagnostics, self.limit);
        let printed = match self.format {
            // anstream strips the colours where they are not wanted.
            Format::Human => {
                eprint!("{}", messages::human(&outcome.diagnostics, &outcome.sources, self.limit, true));
                FINE
            }
            Format::Short => print(&messages::short(&shown, &outcome.sources)),
            Format::Json => print(&messages::json(&outcome, &shown)),
            Format::Github => print(&messages::github(&outcome, &shown)),
            Format::Sarif => FINE,
        };
        self.worst = self.worst.max(printed);
        if !self.is_silent() {
            if let Some(rest) = shown.rest().filter(|_| self.format != Format::Human) {
                eprintln!("{}: {rest}", outcome.name);
            }
            match outcome.verdict {
                Verdict::Fine | Verdict::Wrong => eprintln!("{}: {}", outcome.name, outcome.summary),
                Verdict::Unreadable => eprintln!("error: {}", outcome.summary),
            }
        }
        self.outcomes.push(outcome);
    }

    /// Prints what comes after all specs, and where to read more if `hints` are wanted. Returns the exit code.
    pub(super) fn finish(self, hints: bool) -> u8 {
        if self.outcomes.len() > 1 && !self.is_silent() {
            eprintln!("{}", messages::summary(&self.outcomes));
        }
        let codes = self.outcomes.iter().flat_map(|outcome| &outcome.diagnostics).map(|diagnostic| diagnostic.code);
        if let Some(hint) = explain::hint(codes).filter(|_| self.format == Format::Human && hints) {
            eprintln!("{hint}");
        }
        if self.format != Format::Sarif {
            return self.worst;
        }
        let shown = self.outcomes.iter().map(|outcome| (outcome, messages::at_most(&outcome.diagnostics, self.limit)));
        print(&messages::sarif(&shown.collect::<Vec<_>>())).max(self.worst)
    }
}
