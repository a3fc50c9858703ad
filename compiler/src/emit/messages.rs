//! What `check` has to say about specs, in the forms that people, editors and services read. `googlenetc_dsl::render` has the
//! two forms for people.

mod github;
mod json;
mod sarif;

use googlenetc_dsl::diagnostic::{Diagnostic, Severity};
use googlenetc_dsl::render;
use googlenetc_dsl::source::Sources;

use crate::lints;
use crate::report;

pub use github::github;
pub use json::json;
pub use sarif::sarif;

/// A spec that was checked, and all there is to say about it.
#[derive(Debug)]
pub struct Outcome {
    /// What messages call the spec.
    pub name: String,
    /// The texts that its messages point into.
    pub sources: Sources,
    /// The messages, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What became of it.
    pub verdict: Verdict,
    /// The network, if there is one in which everything fits.
    pub network: Option<Totals>,
    /// The verdict in words, after the spec's name.
    pub summary: String,
}

/// What a network costs at inference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// What the spec calls the network.
    pub name: String,
    /// Trainable numbers.
    pub parameters: u64,
    /// Multiplications, each with its addition, for one sample.
    pub multiply_adds: u64,
}

/// What became of a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is right.
    Fine,
    /// It has errors, or does not run at the size that was asked for.
    Wrong,
    /// It could not be read.
    Unreadable,
}

impl Verdict {
    /// What JSON calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Wrong => "wrong",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How many messages there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that make a spec wrong.
    pub errors: usize,
    /// Those that only ask somebody to look.
    pub warnings: usize,
}

impl Count {
    /// Counts messages.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut count = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
            }
        }
        count
    }

    /// `2 errors, 1 warning`; empty when there is nothing.
    pub fn words(self) -> String {
        self.words_with("")
    }

    /// `2 more errors, 1 more warning`.
    fn words_with(self, more: &str) -> String {
        let counts = [(self.errors, Severity::Error.name()), (self.warnings, Severity::Warning.name())];
        let words = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| {
            let plural = if *count == 1 { "" } else { "s" };
            format!("{} {more}{word}{plural}", report::grouped(u64::try_from(*count).unwrap_or(u64::MAX)))
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// Messages that are shown, and how many are not.
#[derive(Debug)]
pub struct Shown<'a> {
    /// In order of place.
    pub diagnostics: Vec<&'a Diagnostic>,
    hidden: Count,
}

impl Shown<'_> {
    /// `and 12 more errors, 3 more warnings`, when not all messages are shown.
    pub fn rest(&self) -> Option<String> {
        let words = self.hidden.words_with("more ");
        (!words.is_empty()).then(|| format!("and {words} (`check --limit 0` shows all)"))
    }
}

/// At most `limit` messages. Where there are more, the first errors stay, and then the first warnings.
pub fn at_most(diagnostics: &[Diagnostic], limit: Option<usize>) -> Shown<'_> {
    let limit = limit.unwrap_or(usize::MAX);
    let errors = Count::of(diagnostics).errors;
    let mut left = Count { errors: errors.min(limit), warnings: limit.saturating_sub(errors) };
    let mut shown = Shown { diagnostics: Vec::new(), hidden: Count::default() };
    for diagnostic in diagnostics {
        let (left, hidden) = match diagnostic.severity {
            Severity::Error => (&mut left.errors, &mut shown.hidden.errors),
            Severity::Warning => (&mut left.warnings, &mut shown.hidden.warnings),
        };
        if *left > 0 {
            *left -= 1;
            shown.diagnostics.push(diagnostic);
        } else {
            *hidden += 1;
        }
    }
    shown
}

/// At most `limit` messages as rustc would show them, and how many more there are.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, limit: Option<usize>, color: bool) -> String {
    let shown = at_most(diagnostics, limit);
    let rest = shown.rest().map(|rest| rest + "\n\n").unwrap_or_default();
    render::render(shown.diagnostics, sources, color) + &rest
}

/// A line for each message: `net.yaml:3:6: error[E0202]: ...`.
pub fn short(shown: &Shown<'_>, sources: &Sources) -> String {
    shown.diagnostics.iter().map(|diagnostic| render::short(diagnostic, sources) + "\n").collect()
}

/// All verdicts in one line: `3 specs: 2 fine, 1 wrong; 4 errors, 2 warnings`.
pub fn summary(outcomes: &[Outcome]) -> String {
    let number = |verdict| outcomes.iter().filter(|outcome| outcome.verdict == verdict).count();
    let verdicts =
        [Verdict::Fine, Verdict::Wrong, Verdict::Unreadable].map(|verdict| (number(verdict), verdict.name()));
    let verdicts = verdicts.iter().filter(|(number, _)| *number > 0).map(|(number, name)| format!("{number} {name}"));
    let messages = Count::of(outcomes.iter().flat_map(|outcome| &outcome.diagnostics)).words();
    let end = if messages.is_empty() { String::new() } else { format!("; {messages}") };
    format!("{} specs: {}{end}", outcomes.len(), verdicts.collect::<Vec<_>>().join(", "))
}

/// The name of the lint that has this code.
fn lint(code: &str) -> Option<&'static str> {
    lints::ALL.iter().find(|lint| lint.code == code).map(|lint| lint.name)
}
