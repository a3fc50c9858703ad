//! What layer files read their attributes with: typed, with defaults, every use recorded.
//!
//! What nobody asked for by [`Arguments::finish`] is an error, so a misspelt attribute never passes silently.

mod numbers;
mod unknown;

pub(super) use numbers::as_digits;
pub(super) use unknown::unknown_attribute;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};

use super::values::{Number, Resolved, ResolvedValue};
use crate::codes;
use crate::init::Init;
use crate::layers::elsewhere::{self, Meaning};
use crate::layers::{Attribute, Form, Kind, Range};
use crate::network::Slot;

/// The attributes of one layer.
pub(crate) struct Arguments<'a> {
    kind: &'static Kind,
    keyword_span: Span,
    /// What the layer itself says.
    own: Given,
    /// What the spec's defaults say for this keyword.
    defaults: Given,
    /// How many channels come in, where known.
    incoming: Option<u64>,
    slots: Vec<Slot>,
    /// The kernel and the count that the layer itself gives, once they have been asked for.
    geometry: Option<Resolved>,
    count: Option<Resolved>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// How many messages there were before this layer.
    before: usize,
}

/// Attributes from one place, in order; `None` where one has been used.
#[derive(Default)]
pub(super) struct Given {
    pub(super) positional: Vec<Option<Resolved>>,
    pub(super) named: Vec<Option<(Spanned<String>, Resolved)>>,
    /// Whether one of them is a parameter that is an empty cell.
    pub(super) empty: bool,
    /// Whether something was reported and left out, so that what seems to be missing may not be.
    pub(super) incomplete: bool,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(
        kind: &'static Kind,
        keyword_span: Span,
        own: Given,
        defaults: Given,
        incoming: Option<u64>,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let before = diagnostics.len();
        let (slots, geometry, count) = (Vec::new(), None, None);
        Self { kind, keyword_span, own, defaults, incoming, slots, geometry, count, diagnostics, before }
    }

    /// How many channels come in; `None` when that is not known, for which there is a message elsewhere.
    pub(crate) fn incoming(&self) -> Option<u64> {
        self.incoming
    }

    /// Whether the layer or its defaults give an attribute a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        let mut named = self.own.named.iter().chain(&self.defaults.named).flatten();
        named.any(|(key, _)| key.value == name)
    }

    /// Kernel and stride, `7x7/2`. `stride` is what holds without one; `None` for the kernel's size.
    pub(crate) fn geometry(&mut self, wanted: &str, stride: Option<[u64; 2]>) -> Option<([u64; 2], [u64; 2])> {
        let is_geometry = |value: &Resolved| matches!(&value.value, ResolvedValue::Numbers { sizes, steps } if sizes.len() > 1 || !steps.is_empty());
        let Some(found) = self.own.take_positional(is_geometry) else {
            self.missing_geometry(wanted);
            return None;
        };
        self.geometry = Some(found.clone());
        let ResolvedValue::Numbers { sizes, steps } = &found.value else { return None };
        if sizes.len() != 2 || steps.len() > 2 {
            self.not_a_geometry(&found);
            return None;
        }
        let kernel = self.pair_of("the kernel", sizes, ["kernel_height", "kernel_width"], 1);
        let usual = stride.or(kernel);
        let stride = match steps.len() {
            0 => usual,
            _ => self.pair_of("the stride", steps, ["stride_height", "stride_width"], 1),
        };
        Some((kernel?, stride?))
    }

    /// The count that every layer of this kind must give, `64`. Reports when there is none.
    pub(crate) fn number(&mut self, slot: &'static str, wanted: &str) -> Option<u64> {
        let number = self.positional_number(wanted)?;
        self.whole(slot, &number, 1)
    }

    /// The fraction that every layer of this kind must give, `0.4`.
    pub(crate) fn positional_float(&mut self, slot: &'static str, wanted: &str, range: Range) -> Option<f64> {
        let number = self.positional_number(wanted)?;
        self.in_range(slot, &number, range)
    }

    /// A named count.
    pub(crate) fn count(&mut self, name: &'static str) -> Option<u64> {
        let (value, form) = self.named(name)?;
        let Form::Count(least) = form else { return None };
        let number = self.single(name, &value)?;
        self.whole(name, &number, least)
    }

    /// A named count that must be there.
    pub(crate) fn required_count(&mut self, name: &'static str, wanted: &str) -> Option<u64> {
        self.require(name, wanted)?;
        self.count(name)
    }

    /// A named fraction.
    pub(crate) fn float(&mut self, name: &'static str) -> Option<f64> {
        let (value, form) = self.named(name)?;
        let Form::Number(range) = form else { return None };
        let number = self.single(name, &value)?;
        self.in_range(name, &number, range)
    }

    /// A named fraction that must be there.
    pub(crate) fn required_float(&mut self, name: &'static str, wanted: &str) -> Option<f64> {
        self.require(name, wanted)?;
        self.float(name)
    }

    /// Named fractions, one or more.
    pub(crate) fn floats(&mut self, name: &'static str) -> Option<Vec<f64>> {
        let (value, form) = self.named(name)?;
        let Form::Numbers(range) = form else { return None };
        let numbers = self.any_numbers(name, &value)?;
        numbers.iter().map(|number| self.in_range(name, number, range)).collect()
    }

    /// A named pair, `2` or `2x1`: height, width.
    pub(crate) fn pair(&mut self, name: &'static str, slots: [&'static str; 2]) -> Option<[u64; 2]> {
        let (value, form) = self.named(name)?;
        let Form::Sizes { least, counts } = form else { return None };
        let numbers = self.numbers(name, &value, counts)?;
        self.pair_of(&format!("`{name}`"), &numbers, slots, least)
    }

    /// `pad`: one number, `rows x columns`, or, where the layer can, `top x bottom x left x right`.
    pub(crate) fn padding(&mut self) -> Option<[u64; 4]> {
        let (value, form) = self.named("pad")?;
        let Form::Sizes { least, counts } = form else { return None };
        let numbers = self.numbers("pad", &value, counts)?;
        let sides = match &numbers[..] {
            [all] => [all, all, all, all],
            [rows, columns] => [rows, rows, columns, columns],
            [top, bottom, left, right] => [top, bottom, left, right],
            _ => return None,
        };
        let slots = ["padding_top", "padding_bottom", "padding_left", "padding_right"];
        let what = format!("`pad` of `{}`", self.kind.keyword);
        let mut pads = [0; 4];
        for ((pad, number), slot) in pads.iter_mut().zip(sides).zip(slots) {
            *pad = self.whole_of(&what, slot, number, least)?;
        }
        Some(pads)
    }

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

    /// Reports a number that fits its own range, but not what stands beside it.
    pub(crate) fn out_of_range(&mut self, name: &str, message: String, label: &str) {
        let span = self.slots.iter().find(|slot| slot.name == name).map_or(self.keyword_span, |slot| slot.span);
        self.diagnostics.push(Diagnostic::error(codes::OUT_OF_RANGE, message).at(span, label));
    }

    /// Reports attributes that do not fit each other.
    pub(crate) fn wrong(&mut self, message: String) {
        self.diagnostics.push(
            Diagnostic::error(codes::ARGUMENTS, message)
                .at(self.keyword_span, "give as many of the one as of the other"),
        );
    }

    /// Reports everything that nobody asked for, and returns where values were written.
    pub(super) fn finish(mut self) -> Vec<Slot> {
        let own = std::mem::take(&mut self.own);
        // Beside a mistake nobody knows what would have been asked for.
        let is_clear = !own.incomplete && self.diagnostics.len() == self.before;
        for value in own.positional.into_iter().flatten() {
            match &value.value {
                ResolvedValue::Word(word) => {
                    let name = Spanned::new(word.clone(), value.span);
                    self.not_asked_for(&name, None, is_clear);
                }
                ResolvedValue::Numbers { .. } => self.one_too_many(&value),
            }
        }
        for (key, value) in own.named.into_iter().flatten() {
            self.not_asked_for(&key, Some(&value), is_clear);
        }
        self.slots
    }

    /// Reports what a layer says without need: it has no such attribute or flag, or only beside others.
    fn not_asked_for(&mut self, name: &Spanned<String>, value: Option<&Resolved>, is_clear: bool) {
        let (keyword, word) = (self.kind.keyword, &name.value);
        let Some(attribute) = self.kind.attribute(word) else { return self.unknown(name, value) };
        if value.is_none() && attribute.form != Form::Flag {
            self.diagnostics.push(
                Diagnostic::error(codes::ARGUMENTS, format!("`{word}` of `{keyword}` lacks its value"))
                    .at(name.span, format!("write `{word}=…`")),
            );
        } else if is_clear {
            let diagnostic = Diagnostic::error(codes::ARGUMENTS, format!("`{word}` of `{keyword}` has no effect here"))
                .at(name.span, format!("needs {}", attribute.needs));
            self.diagnostics.push(match self.removal(name, value) {
                Some(span) => diagnostic.suggest("leave it out", span, ""),
                None => diagnostic,
            });
        }
    }

    /// What is given for an attribute, and what it takes. Layer files ask for what their list of attributes names, so that
    /// the list cannot go stale.
    fn named(&mut self, name: &'static str) -> Option<(Resolved, Form)> {
        let attribute = self.attribute(name)?;
        let value = self.own.take_named(name).or_else(|| self.defaults.take_named(name))?;
        Some((value, attribute.form))
    }

    fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        let attribute = self.kind.attribute(name);
        debug_assert!(attribute.is_some(), "{}: attribute {name} is not listed", self.kind.keyword);
        attribute
    }

    /// Reports that an attribute is not there.
    fn require(&mut self, name: &str, wanted: &str) -> Option<()> {
        if !self.has(name) {
            self.missing(wanted);
            return None;
        }
        Some(())
    }

    fn positional_number(&mut self, wanted: &str) -> Option<Number> {
        let found = self.own.take_positional(|value| value.single().is_some());
        let number = found.as_ref().and_then(|value| value.single().cloned());
        if number.is_none() && !self.is_named_elsewhere(Meaning::Number) {
            self.missing(wanted);
        }
        self.count = found;
        number
    }

    /// Reports that the layer lacks something.
    pub(crate) fn missing(&mut self, wanted: &str) {
        let lacks_value = |attribute: &Attribute| attribute.form != Form::Flag;
        let is_bare = |value: &Resolved| matches!(&value.value, ResolvedValue::Word(word) if self.kind.attribute(word).is_some_and(lacks_value));
        // What is missing may be what could not be read, or what stands there without its value.
        if self.own.incomplete || self.own.positional.iter().flatten().any(is_bare) {
            return;
        }
        let message = format!("`{}` lacks {wanted}", self.kind.keyword);
        let diagnostic = Diagnostic::error(codes::ARGUMENTS, message);
        let keyword_span = self.keyword_span;
        // What stands where the number belongs is the better place to point at, and is then not reported again.
        let flags = self.kind.names();
        let instead = self.own.take_positional(|value| match &value.value {
            ResolvedValue::Word(word) => flags.is_empty() || word.starts_with(|c: char| c.is_ascii_digit() || c == '_'),
            ResolvedValue::Numbers { .. } => value.single().is_none(),
        });
        self.diagnostics.push(match instead {
            Some(value) => as_digits(
                diagnostic.at(value.span, format!("`{}` is not a number", value.text())),
                &value.text(),
                value.span,
            ),
            None => diagnostic.at(keyword_span, "add it"),
        });
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
        let meant = elsewhere::values(&text, &words);
        diagnostic = match meant[..] {
            [] => diagnostic.did_you_mean(&text, value.span, words),
            [word] => diagnostic.fix(format!("write `{word}`"), value.span, word),
            [..] => meant.iter().fold(diagnostic, |diagnostic, word| {
                diagnostic.suggest(format!("perhaps `{word}` is meant"), value.span, *word)
            }),
        };
        self.diagnostics.push(diagnostic);
        None
    }
}

impl Given {
    fn take_positional(&mut self, fits: impl Fn(&Resolved) -> bool) -> Option<Resolved> {
        self.positional.iter_mut().find(|value| value.as_ref().is_some_and(&fits))?.take()
    }

    /// The value of a switch; `ceil` alone says the same as `ceil=true`.
    fn take_flag(&mut self, name: &str) -> Option<Resolved> {
        let is_flag = |value: &Resolved| matches!(&value.value, ResolvedValue::Word(word) if word == name);
        let alone = self.take_positional(is_flag);
        alone
            .map(|word| Resolved { value: ResolvedValue::Word("true".into()), ..word })
            .or_else(|| self.take_named(name))
    }

    /// All of a switch as the layer has it, `ceil` or `ceil=true`.
    fn flag_span(&self, name: &str) -> Option<Span> {
        let is_flag = |value: &&Resolved| matches!(&value.value, ResolvedValue::Word(word) if word == name);
        let alone = self.positional.iter().flatten().find(is_flag).map(|value| value.written);
        let named = || self.named.iter().flatten().find(|(key, _)| key.value == name);
        alone.or_else(|| named().map(|(key, value)| key.span.to(value.written)))
    }

    fn take_named(&mut self, name: &str) -> Option<Resolved> {
        let found = self.named.iter_mut().find(|entry| entry.as_ref().is_some_and(|(key, _)| key.value == name))?;
        found.take().map(|(_, value)| value)
    }
}
