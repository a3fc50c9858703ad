//! Numbers out of values: how many, whole or not, in which range. What is wrong is reported where it stands.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::super::values::{Number, Resolved, ResolvedValue};
use super::Arguments;
use crate::codes;
use crate::layers::Range;
use crate::network::Slot;
use crate::ops::LARGEST_SIZE;

impl Arguments<'_> {
    pub(super) fn numbers(&mut self, name: &str, value: &Resolved, counts: &[usize]) -> Option<Vec<Number>> {
        if let ResolvedValue::Numbers { sizes, steps } = &value.value
            && steps.is_empty()
            && counts.contains(&sizes.len())
        {
            return Some(sizes.clone());
        }
        let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
        self.diagnostics.push(
            Diagnostic::error(
                codes::WRONG_VALUE,
                format!("`{name}` of `{}` cannot be `{}`", self.kind.keyword, value.text()),
            )
            .at(value.span, format!("needs {} numbers, joined by `x`", counts.join(" or "))),
        );
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

    pub(super) fn record(&mut self, name: &'static str, number: &Number) {
        self.slots.push(Slot { name, span: number.span, parameter: number.parameter.clone() });
    }
}
