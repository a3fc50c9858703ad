//! Attributes that a layer does not have: misspelt ones, and those that other tools have.

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::suggest::{bare, guess};

use super::super::values::{Resolved, ResolvedValue};
use super::Arguments;
use crate::codes;
use crate::layers::elsewhere::{Meaning, meaning, values};
use crate::layers::{Form, Kind};

/// The message that a layer kind has no such attribute. `written` is its value, and the place of both, if it has one.
pub(in crate::lower) fn unknown_attribute(
    kind: &Kind,
    what: &str,
    name: &Spanned<String>,
    written: Option<(String, Span)>,
) -> Diagnostic {
    let (known, span, name) = (kind.names(), name.span, name.value.as_str());
    let message = format!("`{}` has no {what} `{name}`", kind.keyword);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(span, format!("unknown {what}"));
    let guess = guess(name, known.iter().copied());
    match (meaning(kind, name), guess) {
        (Some(Meaning::Attribute("pad")), _) if written.as_ref().is_some_and(|(value, _)| is_padding(value)) => written
            .into_iter()
            .fold(diagnostic, |diagnostic, (word, span)| padding(diagnostic, kind, &word, (span, "pad=0"))),
        (Some(Meaning::Attribute(here)), _) => match switch(kind, here, written) {
            Some((switch, span)) => diagnostic.fix(format!("write `{switch}`"), span, switch),
            None => diagnostic.fix(format!("it is called `{here}` here"), span, here),
        },
        (Some(_), _) => diagnostic,
        (None, Some(guess)) if guess.is_sure => diagnostic.guess(guess, span),
        (None, guess) => {
            let diagnostic =
                if known.is_empty() { diagnostic } else { diagnostic.note(format!("it has {}", known.join(", "))) };
            match guess {
                Some(guess) => diagnostic.guess(guess, span),
                None => diagnostic,
            }
        }
    }
}

/// Whether it is a word that says the padding in other tools.
pub(super) fn is_padding(word: &str) -> bool {
    ["same", "valid"].contains(&bare(word).as_str())
}

/// Adds how such a word is said here; `none` replaces what stands at `span` where nothing is padded.
pub(super) fn padding(diagnostic: Diagnostic, kind: &Kind, word: &str, (span, none): (Span, &str)) -> Diagnostic {
    let is_half = kind.attribute("pad").is_some_and(|attribute| attribute.default != "`0`");
    match bare(word).as_str() {
        "valid" => diagnostic.fix(format!("write `{none}`"), span, none),
        _ if is_half => diagnostic.help(
            "leave it out: unless it is said, `pad` is half the kernel, which keeps the size where the kernel is odd and the stride 1",
        ),
        _ => diagnostic.help("say how much: half the window, rounded down, as in `avgpool 3x3/1 pad=1`"),
    }
}

impl Arguments<'_> {
    /// Reports an attribute or a flag that layers of this kind do not have, and says what another tool's would be here.
    pub(super) fn unknown(&mut self, name: &Spanned<String>, value: Option<&Resolved>) {
        let what = if value.is_some() { "attribute" } else { "flag" };
        let written = value.and_then(|value| Some((value.text(), self.whole_argument(name, Some(value))?)));
        let diagnostic = unknown_attribute(self.kind, what, name, written);
        let diagnostic = match meaning(self.kind, &name.value) {
            None | Some(Meaning::Attribute(_)) => diagnostic,
            Some(Meaning::Words(words)) => self.as_words(diagnostic, words, name, value),
            Some(Meaning::Kernel) => self.as_kernel(diagnostic, name, value),
            Some(Meaning::Stride) => self.as_stride(diagnostic, name, value),
            Some(Meaning::Number) => match value.zip(self.whole_argument(name, value)) {
                Some((value, span)) => {
                    diagnostic.fix(format!("write `{}`, without a name", value.source()), span, value.source())
                }
                None => diagnostic.help("it stands without a name"),
            },
            Some(Meaning::Derived) => match self.removal(name, value) {
                Some(span) => diagnostic.suggest("leave it out: it follows from what comes in", span, ""),
                None => diagnostic.help("leave it out: it follows from what comes in"),
            },
            Some(Meaning::Other(help)) => diagnostic.help(help),
            Some(Meaning::Nothing) => match self.removal(name, value) {
                Some(span) => diagnostic.fix("leave it out: it changes nothing about the network", span, ""),
                None => diagnostic.help("leave it out: it changes nothing about the network"),
            },
        };
        self.diagnostics.push(diagnostic);
    }

    /// Whether something that has no name here is given by a name, which is reported.
    pub(super) fn is_named_elsewhere(&self, wanted: Meaning) -> bool {
        let mut names = self.own.named.iter().flatten().filter(|(key, _)| self.kind.attribute(&key.value).is_none());
        names.any(|(key, _)| meaning(self.kind, &key.value) == Some(wanted))
    }

    fn as_words(
        &self,
        diagnostic: Diagnostic,
        words: &str,
        name: &Spanned<String>,
        value: Option<&Resolved>,
    ) -> Diagnostic {
        let is_on =
            value.is_none_or(|value| ["true", "1", "yes", "on"].contains(&value.text().to_lowercase().as_str()));
        match self.whole_argument(name, value).filter(|_| is_on) {
            Some(span) => diagnostic.fix(format!("write `{words}`"), span, words),
            None => diagnostic.help(format!("write `{words}`")),
        }
    }

    fn as_kernel(&self, diagnostic: Diagnostic, name: &Spanned<String>, value: Option<&Resolved>) -> Diagnostic {
        let diagnostic = diagnostic.help("kernel and stride stand without names, as in `3x3/2`");
        let written = value.and_then(kernel).zip(self.whole_argument(name, value));
        match written.filter(|_| self.geometry.is_none()) {
            Some((kernel, span)) => diagnostic.fix(format!("write `{kernel}`"), span, kernel),
            None => diagnostic,
        }
    }

    fn as_stride(&self, diagnostic: Diagnostic, name: &Spanned<String>, value: Option<&Resolved>) -> Diagnostic {
        let diagnostic = diagnostic.help("the stride stands behind the kernel, after a slash, as in `3x3/2`");
        let edits = || {
            let geometry =
                self.geometry.as_ref().filter(|geometry| geometry.parameter.is_none() && !geometry.has_steps())?;
            let stride = value.filter(|value| !value.has_steps())?.source();
            let end = geometry.written.starting_at(geometry.written.end());
            let insertion = Edit { span: end, replacement: format!("/{stride}") };
            let removal = Edit { span: self.removal(name, value)?, replacement: String::new() };
            let message = format!("write `{}/{stride}`", geometry.text());
            Some(Suggestion { message, edits: vec![insertion, removal], is_safe: true })
        };
        match edits() {
            Some(suggestion) => diagnostic.suggest_all(suggestion),
            None => diagnostic,
        }
    }

    /// All of an argument, `key=value` or a flag. `None` where the source says the layer in other characters.
    pub(super) fn whole_argument(&self, name: &Spanned<String>, value: Option<&Resolved>) -> Option<Span> {
        let is_exact = self.keyword_span.source == name.span.source && self.keyword_span.end() < name.span.start();
        let end = value.map_or(name.span, |value| value.written);
        (is_exact && end.source == name.span.source && end.start() >= name.span.start()).then(|| name.span.to(end))
    }

    /// All of an argument, and the blank before it.
    pub(super) fn removal(&self, name: &Spanned<String>, value: Option<&Resolved>) -> Option<Span> {
        self.whole_argument(name, value).map(|span| span.starting_at(span.start() - 1))
    }
}

/// A switch whose value is written as in another tool, `True`, as it is written here.
fn switch(kind: &Kind, name: &str, written: Option<(String, Span)>) -> Option<(String, Span)> {
    let (value, span) = written?;
    let is_flag = kind.attribute(name).is_some_and(|attribute| attribute.form == Form::Flag);
    match values(&value, &["true", "false"])[..] {
        [word] if is_flag && word != value => Some((format!("{name}={word}"), span)),
        _ => None,
    }
}

/// A kernel as it is written here: one number stands for both sides elsewhere.
fn kernel(value: &Resolved) -> Option<String> {
    match &value.value {
        ResolvedValue::Numbers { sizes, steps } if steps.is_empty() && sizes.len() == 1 => {
            let side = value.source();
            Some(format!("{side}x{side}"))
        }
        ResolvedValue::Numbers { sizes, steps } if steps.is_empty() && sizes.len() == 2 => Some(value.source()),
        ResolvedValue::Numbers { .. } | ResolvedValue::Word(_) => None,
    }
}
