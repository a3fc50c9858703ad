//! What layer files read their attributes with: typed, with defaults, every use recorded.
//!
//! What nobody asked for by [`Arguments::finish`] is an error, so a misspelt attribute never passes silently.

mod given;
mod left;
mod numbers;
mod order;
mod unknown;
mod words;

pub(super) use given::Given;
pub(super) use numbers::as_digits;
pub(super) use unknown::unknown_attribute;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use super::values::{Number, Resolved, ResolvedValue};
use crate::codes;
use crate::layers::elsewhere::Meaning;
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
}
