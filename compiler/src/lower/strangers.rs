//! Words in a layer that belong to none of its attributes: another layer begins there, or a parameter lacks its `$`.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Argument, Expression, Separator, Value};

use super::Lowerer;
use super::values::Environment;
use crate::codes;
use crate::layers::{self, Kind, elsewhere};

impl Lowerer<'_> {
    /// The message for the first such word of a layer. What follows the word says nothing about the layer.
    pub(super) fn stranger(
        &self,
        kind: &Kind,
        expression: &Expression,
        environment: &Environment,
    ) -> Option<Diagnostic> {
        let mut before = expression.keyword.span;
        for argument in &expression.arguments {
            let value = match argument {
                Argument::Positional(value) | Argument::Named { value, .. } => value,
            };
            if let (Argument::Positional(_), Value::Word(word)) = (argument, &value.value)
                && kind.attribute(word).is_none()
            {
                let word = Spanned::new(word.as_str(), value.span);
                if environment.knows(word.value) {
                    return Some(without_dollar(kind, word));
                }
                let is_known = elsewhere::meaning(kind, word.value).is_some();
                if !is_known && (layers::find(word.value).is_some() || self.find_block(word.value).is_some()) {
                    return Some(another_layer(word, before, expression.separator));
                }
            }
            before = value.span;
        }
        None
    }
}

fn without_dollar(kind: &Kind, word: Spanned<&str>) -> Diagnostic {
    let parameter = format!("${}", word.value);
    let message = format!("`{}` of `{}` is the name of a parameter without its `$`", word.value, kind.keyword);
    Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(word.span, "not a value").fix(
        format!("did you mean `{parameter}`?"),
        word.span,
        parameter,
    )
}

/// `before` is what stands before the word, and `separator` what would end the layer there.
fn another_layer(word: Spanned<&str>, before: Span, separator: Separator) -> Diagnostic {
    let message = format!("`{}` begins another layer", word.value);
    let diagnostic =
        Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(word.span, "not a part of the layer before it");
    // A text that the source says in other characters has one place for all of it.
    let gap = (before.source == word.span.source && before.end() < word.span.start())
        .then(|| before.starting_at(before.end()));
    match (separator, gap) {
        (Separator::Comma, Some(gap)) => diagnostic.suggest("put a comma between", gap, ","),
        (Separator::Semicolon, Some(gap)) => diagnostic.suggest("put a semicolon between", gap, ";"),
        _ => diagnostic.help("layers that follow each other are a list, as in `[conv 1x1 64, conv 3x3 64]`"),
    }
}
