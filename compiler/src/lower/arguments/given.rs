//! What is written for a layer, and taken piece by piece.

use googlenetc_dsl::source::{Span, Spanned};

use super::super::values::{Resolved, ResolvedValue};

/// Attributes from one place, in order; `None` where one has been used.
#[derive(Default)]
pub(in crate::lower) struct Given {
    pub(in crate::lower) positional: Vec<Option<Resolved>>,
    pub(in crate::lower) named: Vec<Option<(Spanned<String>, Resolved)>>,
    /// Whether one of them is a parameter that is an empty cell.
    pub(in crate::lower) empty: bool,
    /// Whether something was reported and left out, so that what seems to be missing may not be.
    pub(in crate::lower) incomplete: bool,
}

impl Given {
    pub(super) fn take_positional(&mut self, fits: impl Fn(&Resolved) -> bool) -> Option<Resolved> {
        self.positional.iter_mut().find(|value| value.as_ref().is_some_and(&fits))?.take()
    }

    /// The value of a switch; `ceil` alone says the same as `ceil=true`.
    pub(super) fn take_flag(&mut self, name: &str) -> Option<Resolved> {
        let is_flag = |value: &Resolved| matches!(&value.value, ResolvedValue::Word(word) if word == name);
        let alone = self.take_positional(is_flag);
        alone
            .map(|word| Resolved { value: ResolvedValue::Word("true".into()), ..word })
            .or_else(|| self.take_named(name))
    }

    /// All of a switch as the layer has it, `ceil` or `ceil=true`.
    pub(super) fn flag_span(&self, name: &str) -> Option<Span> {
        let is_flag = |value: &&Resolved| matches!(&value.value, ResolvedValue::Word(word) if word == name);
        let alone = self.positional.iter().flatten().find(is_flag).map(|value| value.written);
        let named = || self.named.iter().flatten().find(|(key, _)| key.value == name);
        alone.or_else(|| named().map(|(key, value)| key.span.to(value.written)))
    }

    pub(super) fn take_named(&mut self, name: &str) -> Option<Resolved> {
        let found = self.named.iter_mut().find(|entry| entry.as_ref().is_some_and(|(key, _)| key.value == name))?;
        found.take().map(|(_, value)| value)
    }
}
