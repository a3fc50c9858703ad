//! Numbers out of values: how many, whole or not, in which range. What is wrong is reported where it stands.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;

use super::super::values::{Number, Resolved, ResolvedValue};
use super::Arguments;
use super::unknown::{is_padding, padding};
use crate::codes;
use crate::layers::Range;
use crate::layers::elsewhere::Meaning;
use crate::network::Slot;
use crate::ops::LARGEST_SIZE;

/// Up to here fractions hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Arguments<'_> {
    pub(super) fn numbers(&mut self, name: &str, value: &Resolved, counts: &[usize]) -> Option<Vec<Number>> {
        if let ResolvedValue::Numbers { sizes, steps } = &value.value
            && steps.is_empty()
            && counts.contains(&sizes.len())
        {
            return Some(sizes.clone());
        }
        let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
        let text = value.text();
        let message = format!("`{name}` of `{}` cannot be `{text}`", self.kind.keyword);
        let label = format!("needs {} numbers, joined by `x`", counts.join(" or "));
        let diagnostic = Diagnostic::error(codes::WRONG_VALUE, message).at(value.span, label);
        self.diagnostics.push(match &text[..] {
            word if name == "pad" && is_padding(word) => padding(diagnostic, self.kind, word, (value.span, "0")),
            _ => diagnostic,
        });
        None
    }

    /// One number or more, joined by `x`.
    pub(super) fn any_numbers(&mut self, name: &str, value: &Resolved) -> Option<Vec<Number>> {
        match &value.value {
            ResolvedValue::Numbers { sizes, steps } if steps.is_empty() => Some(sizes.clone()),
            ResolvedValue::Numbers { .. } | ResolvedValue::Word(_) => {
                let message = format!("`{name}` of `{}` cannot be `{}`", self.kind.keyword, value.text());
                self.diagnostics.push(
                    Diagnostic::error(codes::WRONG_VALUE, message)
                        .at(value.span, "needs a number for each channel, joined by `x`"),
                );
                None
            }
        }
    }

    pub(super) fn single(&mut self, name: &str, value: &Resolved) -> Option<Number> {
        let number = value.single().cloned();
        if number.is_none() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::WRONG_VALUE,
                    format!("`{name}` of `{}` must be a number, not `{}`", self.kind.keyword, value.text()),
                )
                .at(value.span, "not a number"),
            );
        }
        number
    }

    pub(super) fn pair_of(
        &mut self,
        what: &str,
        numbers: &[Number],
        slots: [&'static str; 2],
        least: u64,
    ) -> Option<[u64; 2]> {
        let (rows, columns) = (numbers.first()?, numbers.last()?);
        let height = self.whole_of(what, slots[0], rows, least);
        if numbers.len() == 1 {
            self.record(slots[1], columns);
            return height.map(|both| [both, both]);
        }
        let width = self.whole_of(what, slots[1], columns, least);
        Some([height?, width?])
    }

    pub(super) fn whole(&mut self, slot: &'static str, number: &Number, least: u64) -> Option<u64> {
        let what = format!("`{slot}` of `{}`", self.kind.keyword);
        self.whole_of(&what, slot, number, least)
    }

    pub(super) fn whole_of(&mut self, what: &str, slot: &'static str, number: &Number, least: u64) -> Option<u64> {
        self.record(slot, number);
        match number.whole(what, least..=LARGEST_SIZE) {
            Ok(number) => Some(number),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    pub(super) fn in_range(&mut self, slot: &'static str, number: &Number, range: Range) -> Option<f64> {
        self.record(slot, number);
        let what = format!("`{slot}` of `{}`", self.kind.keyword);
        let value = match number.float(&what) {
            Ok(value) => value,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                return None;
            }
        };
        let fine = range.holds(value);
        if !fine {
            let message = format!("{what} is {}", number.text);
            self.diagnostics.push(Diagnostic::error(codes::OUT_OF_RANGE, message).at(number.span, range.words()));
        }
        fine.then_some(value)
    }

    /// Reports a kernel that is not there, or that is written in another way.
    pub(super) fn missing_geometry(&mut self, wanted: &str) {
        let own = &self.own.positional;
        let single = |value: &&Resolved| value.single().is_some();
        let singles = own.iter().flatten().filter(single).count();
        let needed = self.kind.positional.len().saturating_sub(1);
        let capital = |value: &Resolved| matches!(&value.value, ResolvedValue::Word(word) if is_geometry(&word.replace('X', "x")));
        if let Some(value) = self.own.take_positional(capital) {
            let meant = value.text().replace('X', "x");
            let message = format!("`{}` is not a kernel", value.text());
            let diagnostic = Diagnostic::error(codes::WRONG_VALUE, message).at(value.span, "the `x` is a small one");
            self.diagnostics.push(diagnostic.fix(format!("write `{meant}`"), value.span, meant));
        } else if self.is_named_elsewhere(Meaning::Kernel) {
            // Reported as an attribute that there is not.
        } else if self.is_ordered_otherwise() {
            self.ordered_otherwise();
        } else if singles > needed
            && let Some(value) = self.own.take_positional(|value| value.single().is_some())
        {
            self.not_a_geometry(&value);
        } else {
            self.missing(wanted);
        }
    }

    /// Reports what stands for kernel and stride, and has not two sides.
    pub(super) fn not_a_geometry(&mut self, value: &Resolved) {
        let message = format!("`{}` is not a kernel and stride", value.text());
        let label = "write `rows x columns / stride` without blanks, such as `3x3/2` or `1x7/2x1`";
        let diagnostic = Diagnostic::error(codes::WRONG_VALUE, message).at(value.span, label);
        let text = value.text();
        let (side, step) = text.split_once('/').map_or((text.as_str(), ""), |(side, _)| (side, &text[side.len()..]));
        let is_side = side.bytes().all(|byte| byte.is_ascii_digit());
        self.diagnostics.push(if is_side {
            let meant = format!("{side}x{side}{step}");
            diagnostic.suggest(format!("if the kernel is square, write `{meant}`"), value.span, meant)
        } else {
            diagnostic
        });
    }

    pub(super) fn record(&mut self, name: &'static str, number: &Number) {
        self.slots.push(Slot { name, span: number.span, parameter: number.parameter.as_deref().map(Box::from) });
    }

    pub(super) fn record_word(&mut self, name: &'static str, value: &Resolved) {
        self.slots.push(Slot { name, span: value.span, parameter: value.parameter.as_deref().map(Box::from) });
    }
}

/// Adds how a count that is written in another way, `64.0`, `1e2`, `6_4` or `0x40`, is written here, with digits alone.
pub(in crate::lower) fn as_digits(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let hexadecimal = text.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
    if let Some(number) = hexadecimal {
        return diagnostic.note(format!("`{text}` reads as 0 by {}, not as a hexadecimal number", &text[2..])).suggest(
            format!("if it is hexadecimal, write `{number}`"),
            span,
            number.to_string(),
        );
    }
    let is_number = text.starts_with(|character: char| character.is_ascii_digit());
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if is_number && number.fract() == 0.0 && (0.0..=EXACT).contains(&number) => {
            diagnostic.fix(format!("write `{number}`"), span, number.to_string())
        }
        _ => diagnostic,
    }
}

/// Whether a text is a kernel, or kernel and stride.
fn is_geometry(text: &str) -> bool {
    let sides =
        |text: &str| text.split('x').all(|side| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()));
    let (kernel, stride) = text.split_once('/').unwrap_or((text, "1"));
    kernel.contains('x') && sides(kernel) && sides(stride)
}
