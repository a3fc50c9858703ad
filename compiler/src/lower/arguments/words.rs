//! Attributes that are words: switches, choices, schemes of initial values.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::super::values::Resolved;
use super::Arguments;
use crate::codes;
use crate::init::Init;
use crate::layers::{Attribute, Form, elsewhere};
use crate::network::Slot;

/// What is said beside a scheme that counts what comes in.
const FAN_IN: &str = " fan=in";

impl Arguments<'_> {
    /// A switch: `ceil`, `ceil=true`, `ceil=false`.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        self.attribute(name);
        // Suggestions replace all of what the layer says, its value included.
        if let Some(span) = self.own.flag_span(name) {
            self.slots.push(Slot { name, span, parameter: None });
        }
        let value = self.own.take_flag(name).or_else(|| self.defaults.take_flag(name));
        if let Some(value) = &value {
            self.record_word(name, value);
        }
        value.and_then(|value| self.choose(name, &value, &[("true", true), ("false", false)])).unwrap_or(default)
    }

    /// One of several words.
    pub(crate) fn choice<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let (value, _) = self.named(name)?;
        self.record_word(name, &value);
        self.choose(name, &value, words)
    }

    /// A scheme of initial values, or a number that every value starts at.
    pub(crate) fn init(&mut self, name: &'static str, words: &[(&str, Init)]) -> Option<Init> {
        let (value, _) = self.named(name)?;
        if let Some(number) = value.single() {
            return match number.float(&format!("`{name}` of `{}`", self.kind.keyword)) {
                Ok(constant) => Some(Init::Constant(constant)),
                Err(diagnostic) => {
                    self.diagnostics.push(diagnostic);
                    None
                }
            };
        }
        self.choose(name, &value, words)
    }

    fn choose<T: Copy>(&mut self, name: &str, value: &Resolved, words: &[(&str, T)]) -> Option<T> {
        let text = value.text();
        if let Some((_, choice)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*choice);
        }
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let takes_number = matches!(self.kind.attribute(name), Some(Attribute { form: Form::WordsOrNumber(_), .. }));
        let label = match &known[..] {
            [one, other] => format!("must be {one} or {other}"),
            _ if takes_number => format!("must be a number or one of {}", known.join(", ")),
            _ => format!("must be one of {}", known.join(", ")),
        };
        let message = format!("`{name}` of `{}` cannot be `{text}`", self.kind.keyword);
        let mut diagnostic = Diagnostic::error(codes::WRONG_VALUE, message).at(value.span, label);
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let meant = self.words_meant(name, &text, &words);
        let perhaps = |diagnostic: Diagnostic, word: &&'static str| {
            diagnostic.suggest(format!("perhaps `{word}` is meant"), value.span, *word)
        };
        diagnostic = match meant[..] {
            [] if elsewhere::is_other(&text) || elsewhere::is_other(&format!("{text}{name}")) => {
                diagnostic.help(elsewhere::NOWHERE)
            }
            [] => diagnostic.did_you_mean(&text, value.span, words),
            [word] => diagnostic.fix(format!("write `{word}`"), value.span, word),
            [..] => meant.iter().fold(diagnostic, perhaps),
        };
        if meant.len() > 1 && meant.iter().any(|word| word.ends_with(FAN_IN)) {
            diagnostic = diagnostic.note(
                "the connections that go out are counted unless `fan=in` is said; PyTorch and Keras count those that come in",
            );
        }
        self.diagnostics.push(diagnostic);
        None
    }

    /// What a word of another tool can mean; which connections are counted is said for the weight alone, and once.
    fn words_meant(&self, name: &str, text: &str, words: &[&str]) -> Vec<&'static str> {
        let mut meant = elsewhere::values(text, words);
        if name != "init" || self.has("fan") {
            for word in &mut meant {
                *word = word.trim_end_matches(FAN_IN);
            }
            meant.dedup();
        }
        meant
    }
}
