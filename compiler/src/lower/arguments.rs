//! What layer files read their attributes with: typed, with defaults, every use recorded.
//!
//! What nobody asked for by [`Arguments::finish`] is an error, so a misspelt attribute never passes silently.

mod numbers;

use std::ops::RangeInclusive;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};

use super::values::{Number, Resolved, ResolvedValue};
use crate::codes;
use crate::init::Init;
use crate::layers::Kind;
use crate::network::Slot;
use crate::ops::LARGEST_SIZE;

/// The attributes of one layer.
pub(crate) struct Arguments<'a> {
    kind: &'static Kind,
    keyword_span: Span,
    /// What the layer itself says.
    own: Given,
    /// What the spec's defaults say for this keyword.
    defaults: Given,
    slots: Vec<Slot>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Attributes from one place, in order; `None` where one has been used.
#[derive(Default)]
pub(super) struct Given {
    pub(super) positional: Vec<Option<Resolved>>,
    pub(super) named: Vec<Option<(Spanned<String>, Resolved)>>,
    /// Whether something was reported and left out, so that what seems to be missing may not be.
    pub(super) incomplete: bool,
}

/// What a fractional attribute may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Range {
    /// Above zero.
    Positive,
    /// From 0 to 1, both included.
    Fraction,
    /// From 0 up to, but not, 1.
    Probability,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(
        kind: &'static Kind,
        keyword_span: Span,
        own: Given,
        defaults: Given,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self { kind, keyword_span, own, defaults, slots: Vec::new(), diagnostics }
    }

    /// Kernel and stride, `7x7/2`. Without a stride: 1 for convolutions, the kernel's size for pools, as in PyTorch.
    pub(crate) fn geometry(&mut self, convolution: bool) -> Option<([u64; 2], [u64; 2])> {
        let is_geometry = |value: &Resolved| matches!(&value.value, ResolvedValue::Numbers { sizes, steps } if sizes.len() > 1 || !steps.is_empty());
        let Some(found) = self.own.take_positional(is_geometry) else {
            self.missing("its kernel and stride, such as `3x3/2`");
            return None;
        };
        let ResolvedValue::Numbers { sizes, steps } = &found.value else { return None };
        if sizes.len() != 2 || steps.len() > 2 {
            self.diagnostics.push(
                Diagnostic::error(codes::WRONG_VALUE, format!("`{}` is not a kernel and stride", found.text()))
                    .at(found.span, "write `rows x columns / stride` without blanks, such as `3x3/2` or `1x7/2x1`"),
            );
            return None;
        }
        let kernel = self.pair_of("the kernel", sizes, ["kernel_height", "kernel_width"], 1..=LARGEST_SIZE);
        let names = ["stride_height", "stride_width"];
        let stride = match steps.len() {
            0 if convolution => Some([1, 1]),
            0 => kernel,
            _ => self.pair_of("the stride", steps, names, 1..=LARGEST_SIZE),
        };
        Some((kernel?, stride?))
    }

    /// The count that every layer of this kind must give, `64`. Reports when there is none.
    pub(crate) fn number(&mut self, slot: &'static str, wanted: &str) -> Option<u64> {
        let number = self.positional_number(wanted)?;
        self.whole(slot, &number, 1..=LARGEST_SIZE)
    }

    /// The fraction that every layer of this kind must give, `0.4`.
    pub(crate) fn positional_float(&mut self, slot: &'static str, wanted: &str, range: Range) -> Option<f64> {
        let number = self.positional_number(wanted)?;
        self.in_range(slot, &number, range)
    }

    /// A named count.
    pub(crate) fn size(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.named(name)?;
        let number = self.single(name, &value)?;
        self.whole(name, &number, range)
    }

    /// A named fraction.
    pub(crate) fn float(&mut self, name: &'static str, range: Range) -> Option<f64> {
        let value = self.named(name)?;
        let number = self.single(name, &value)?;
        self.in_range(name, &number, range)
    }

    /// A named pair, `2` or `2x1`: height, width.
    pub(crate) fn pair(
        &mut self,
        name: &'static str,
        slots: [&'static str; 2],
        range: RangeInclusive<u64>,
    ) -> Option<[u64; 2]> {
        let value = self.named(name)?;
        let numbers = self.numbers(name, &value, &[1, 2])?;
        self.pair_of(&format!("`{name}`"), &numbers, slots, range)
    }

    /// `pad`: one number, `rows x columns`, or `top x bottom x left x right`.
    pub(crate) fn padding(&mut self) -> Option<[u64; 4]> {
        self.pads(&[1, 2, 4])
    }

    /// `pad` of layers that pad both sides alike.
    pub(crate) fn symmetric_padding(&mut self) -> Option<[u64; 4]> {
        self.pads(&[1, 2])
    }

    fn pads(&mut self, counts: &[usize]) -> Option<[u64; 4]> {
        let value = self.named("pad")?;
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
            *pad = self.whole_of(&what, slot, number, 0..=LARGEST_SIZE)?;
        }
        Some(pads)
    }

    /// A switch: `ceil`, `ceil=true`, `ceil=false`.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        self.expect(name);
        let value = self.own.take_flag(name).or_else(|| self.defaults.take_flag(name));
        value.and_then(|value| self.choose(name, &value, &[("true", true), ("false", false)])).unwrap_or(default)
    }

    /// One of several words.
    pub(crate) fn choice<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let value = self.named(name)?;
        self.choose(name, &value, words)
    }

    /// A scheme of initial values, or a number that every value starts at.
    pub(crate) fn init(&mut self, name: &'static str) -> Option<Init> {
        let value = self.named(name)?;
        if let Some(number) = value.single() {
            return match number.float(name) {
                Ok(constant) => Some(Init::Constant(constant)),
                Err(diagnostic) => {
                    self.diagnostics.push(diagnostic);
                    None
                }
            };
        }
        self.choose(name, &value, &Init::WORDS)
    }

    /// Reports everything that nobody asked for, and returns where values were written.
    pub(super) fn finish(self) -> Vec<Slot> {
        let Self { kind: Kind { keyword, attributes, .. }, own, slots, diagnostics, .. } = self;
        for value in own.positional.into_iter().flatten() {
            let text = value.text();
            diagnostics.push(match value.value {
                ResolvedValue::Word(_) => unknown_attribute(keyword, attributes, "flag", &text, value.span),
                ResolvedValue::Numbers { .. } => {
                    Diagnostic::error(codes::ARGUMENTS, format!("`{keyword}` has no use for another `{text}`"))
                        .at(value.span, "one value too many")
                }
            });
        }
        for (key, _) in own.named.into_iter().flatten() {
            diagnostics.push(unknown_attribute(keyword, attributes, "attribute", &key.value, key.span));
        }
        slots
    }

    /// Layer files ask for what their list of attributes names, so that the list cannot go stale.
    fn expect(&self, name: &str) {
        debug_assert!(self.kind.attributes.contains(&name), "{}: attribute {name} is not listed", self.kind.keyword);
    }

    fn named(&mut self, name: &'static str) -> Option<Resolved> {
        self.expect(name);
        self.own.take_named(name).or_else(|| self.defaults.take_named(name))
    }

    fn positional_number(&mut self, wanted: &str) -> Option<Number> {
        let found = self.own.take_positional(|value| value.single().is_some());
        let number = found.and_then(|value| value.single().cloned());
        if number.is_none() {
            self.missing(wanted);
        }
        number
    }

    fn missing(&mut self, wanted: &str) {
        if self.own.incomplete {
            return;
        }
        let message = format!("`{}` lacks {wanted}", self.kind.keyword);
        let diagnostic = Diagnostic::error(codes::ARGUMENTS, message);
        let keyword_span = self.keyword_span;
        // What stands where the number belongs is the better place to point at, and is then not reported again.
        let flags = self.kind.attributes;
        let instead = self.own.take_positional(|value| match &value.value {
            ResolvedValue::Word(word) => flags.is_empty() || word.starts_with(|c: char| c.is_ascii_digit() || c == '_'),
            ResolvedValue::Numbers { .. } => value.single().is_none(),
        });
        self.diagnostics.push(match instead {
            Some(value) => diagnostic.at(value.span, format!("`{}` is not a number", value.text())),
            None => diagnostic.at(keyword_span, "add it"),
        });
    }

    fn choose<T: Copy>(&mut self, name: &str, value: &Resolved, words: &[(&str, T)]) -> Option<T> {
        let text = value.text();
        if let Some((_, choice)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*choice);
        }
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.diagnostics.push(
            Diagnostic::error(codes::WRONG_VALUE, format!("`{name}` of `{}` cannot be `{text}`", self.kind.keyword))
                .at(value.span, format!("must be {}", known.join(" or ")))
                .did_you_mean(&text, value.span, words.iter().map(|(word, _)| *word)),
        );
        None
    }
}

/// The message that a layer kind has no such attribute.
pub(super) fn unknown_attribute(keyword: &str, known: &[&str], what: &str, name: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, format!("`{keyword}` has no {what} `{name}`"))
        .at(span, format!("unknown {what}"))
        .did_you_mean(name, span, known.iter().copied());
    if known.is_empty() { diagnostic } else { diagnostic.note(format!("it has {}", known.join(", "))) }
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

    fn take_named(&mut self, name: &str) -> Option<Resolved> {
        let found = self.named.iter_mut().find(|entry| entry.as_ref().is_some_and(|(key, _)| key.value == name))?;
        found.take().map(|(_, value)| value)
    }
}
