//! What is left of a layer's words when all attributes have been read.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;

use super::super::values::{Resolved, ResolvedValue};
use super::Arguments;
use crate::codes;
use crate::layers::Form;
use crate::network::Slot;

impl Arguments<'_> {
    /// Reports everything that nobody asked for, and returns where values were written.
    pub(in crate::lower) fn finish(mut self) -> Vec<Slot> {
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
        } else if let Some(first) = self.slots.iter().find(|slot| slot.name == word && attribute.form == Form::Flag) {
            let message = format!("`{word}` is given twice");
            let diagnostic = Diagnostic::error(codes::DUPLICATE_NAME, message)
                .at(name.span, "given again")
                .see(first.span, "first given here");
            self.diagnostics.push(diagnostic);
        } else if is_clear {
            let diagnostic = Diagnostic::error(codes::ARGUMENTS, format!("`{word}` of `{keyword}` has no effect here"))
                .at(name.span, format!("needs {}", attribute.needs));
            self.diagnostics.push(match self.removal(name, value) {
                Some(span) => diagnostic.suggest("leave it out", span, ""),
                None => diagnostic,
            });
        }
    }
}
