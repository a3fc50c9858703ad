//! Levels of lints: what becomes of what they find, as the spec and what is said beside it want it.

use std::collections::BTreeMap;

use googlenetc_dsl::Syntax;
use googlenetc_dsl::diagnostic::{Diagnostic, Severity};
use googlenetc_dsl::source::{Sources, Span, Spanned};
use googlenetc_dsl::suggest::nearest;
use googlenetc_dsl::tree::LintLevel;

use super::{ALL, Level, Lint};
use crate::codes;

/// The word that means every lint.
const EVERY: &str = "all";

/// Levels that somebody has set, by code.
#[derive(Debug, Default)]
pub(crate) struct Levels(BTreeMap<&'static str, (Level, Origin)>);

/// Who has set a level.
#[derive(Debug, Clone)]
enum Origin {
    /// The spec, at this place.
    Spec(Span),
    /// The command line or a build script, in these words.
    Beside(String),
}

/// The lints that a name, a code or `all` means; `None` for any other word.
pub fn named(word: &str) -> Option<&'static [&'static Lint]> {
    if word == EVERY {
        return Some(ALL);
    }
    let index = ALL.iter().position(|lint| [lint.name, lint.code].contains(&word))?;
    ALL.get(index..=index)
}

/// Why a word means no lint, and what it may have meant: `no lint has this name; did you mean ...`.
pub fn refusal(word: &str) -> String {
    if is_error(word) {
        return format!("`{word}` is an error, whose level cannot be changed");
    }
    match nearest(word, words()) {
        Some(name) => format!("no lint has this name; did you mean `{name}`?"),
        None => format!("no lint has this name; there are {}", list()),
    }
}

/// Everything that can stand for lints.
fn words() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|lint| lint.name).chain([EVERY]).chain(ALL.iter().map(|lint| lint.code))
}

/// Whether a word is the code of an error.
fn is_error(word: &str) -> bool {
    word.strip_prefix('E').is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Level {
    const EACH: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

impl Levels {
    /// The levels that a spec sets, and those that are set `beside` it, which win, later ones over earlier ones.
    pub(crate) fn new(
        spec: &[LintLevel],
        beside: &[(Level, String)],
        sources: &mut Sources,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut levels = Self::default();
        levels.of_spec(spec, found);
        for (level, word) in beside {
            let option = format!("{} {word}", level.word());
            if let Some(lints) = named(word) {
                levels.set(lints, *level, &Origin::Beside(option));
                continue;
            }
            let source = sources.add(format!("--{option}"), word.as_str());
            found.push(unknown(&Spanned::new(word.clone(), Span::new(source, 0, word.len()))));
        }
        levels
    }

    /// A lint's own level wins over that of `all`, whichever stands first.
    fn of_spec(&mut self, spec: &[LintLevel], found: &mut Vec<Diagnostic>) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let (all, each): (Vec<&LintLevel>, Vec<&LintLevel>) = spec.iter().partition(|one| one.lint.value == EVERY);
        for LintLevel { lint, level } in all.into_iter().chain(each) {
            let lints = named(&lint.value);
            if lints.is_none() {
                found.push(unknown(lint));
            }
            let meant = Level::EACH.into_iter().find(|known| known.word() == level.value);
            if meant.is_none() {
                found.push(no_level(level));
            }
            let Some((lints, level)) = lints.zip(meant) else { continue };
            if lint.value != EVERY
                && let [one] = lints
                && let Some(first) = seen.insert(one.code, lint.span)
            {
                found.push(
                    Diagnostic::error(
                        codes::DUPLICATE_NAME,
                        format!("the level of the lint `{}` is said twice", one.name),
                    )
                    .at(lint.span, "again here")
                    .see(first, "first here")
                    .note(format!("{} and `{}` are the same lint", one.code, one.name)),
                );
            }
            self.set(lints, level, &Origin::Spec(lint.span));
        }
    }

    fn set(&mut self, lints: &[&'static Lint], level: Level, origin: &Origin) {
        self.0.extend(lints.iter().map(|lint| (lint.code, (level, origin.clone()))));
    }

    /// The level of a lint.
    pub(super) fn of(&self, lint: &Lint) -> Level {
        self.0.get(lint.code).map_or(lint.level, |(level, _)| *level)
    }

    /// What a lint has found, as its level and whoever has set it want it; `syntax` is the spec's.
    pub(super) fn judge(&self, lint: &Lint, found: Vec<Diagnostic>, syntax: Syntax) -> Vec<Diagnostic> {
        let Lint { code, name, .. } = lint;
        if self.of(lint) == Level::Deny {
            let origin = self.0.get(code).map(|(_, origin)| origin);
            return found.into_iter().map(|diagnostic| denied(diagnostic, name, origin)).collect();
        }
        let mut found = found;
        // Once is enough to say how it is silenced.
        if let Some(first) = found.iter_mut().min_by_key(|diagnostic| diagnostic.span()) {
            let written = match syntax {
                Syntax::Yaml => format!("lints: {{{name}: allow}}"),
                Syntax::Text => format!("lint {name} allow"),
            };
            first.helps.push(format!("to accept it, write `{written}`, or say `--allow {name}`"));
        }
        found
    }
}

/// A warning as an error, with who wants it so.
fn denied(diagnostic: Diagnostic, name: &str, origin: Option<&Origin>) -> Diagnostic {
    let diagnostic = Diagnostic { severity: Severity::Error, ..diagnostic };
    match origin {
        Some(Origin::Spec(place)) => diagnostic.see(*place, "denied here"),
        Some(Origin::Beside(words)) => {
            diagnostic.note(format!("`{words}`, given beside the spec, makes this an error"))
        }
        None => diagnostic.note(format!("the lint `{name}` is denied unless the spec allows it")),
    }
}

fn unknown(lint: &Spanned<String>) -> Diagnostic {
    let word = &lint.value;
    if is_error(word) {
        return Diagnostic::error(codes::UNKNOWN_NAME, format!("`{word}` is an error; its level cannot be changed"))
            .at(lint.span, "not a lint")
            .help("remove it: levels are for warnings, whose codes begin with `W`");
    }
    let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no lint `{}`", word.escape_debug()))
        .at(lint.span, "unknown here")
        .did_you_mean(word, lint.span, words());
    if diagnostic.suggestions.is_empty() { diagnostic.note(format!("there are {}", list())) } else { diagnostic }
}

/// Every word that a lint is called by, but for codes.
fn list() -> String {
    let names: Vec<String> = ALL.iter().map(|lint| format!("`{}`", lint.name)).collect();
    format!("{}, and `{EVERY}` for every one", names.join(", "))
}

fn no_level(level: &Spanned<String>) -> Diagnostic {
    let words = Level::EACH.map(Level::word);
    Diagnostic::error(codes::WRONG_VALUE, format!("`{}` is not the level of a lint", level.value.escape_debug()))
        .at(level.span, "write `allow`, `warn` or `deny`")
        .did_you_mean(&level.value, level.span, words)
}
