//! Layer expressions and values as text, the same in both syntaxes: one blank between words, everything else as written; and
//! texts as YAML quotes them.

use std::ops::Range;

use super::origin::range;
use crate::tree::{Argument, Expression, Keyword, Parameter, joined};

/// `conv 7x7/2 64 pad=3 -> 64x112x112`.
pub(super) fn expression(expression: &Expression) -> String {
    let keyword = match &expression.keyword.value {
        Keyword::Word(word) => word.clone(),
        Keyword::Parameter(name) => format!("${name}"),
    };
    let mut words = vec![keyword];
    words.extend(expression.arguments.iter().map(argument));
    if let Some(shape) = &expression.assertion {
        words.push(format!("-> {}", joined(&shape.value)));
    }
    words.join(" ")
}

/// `bias activation=relu`.
pub(super) fn arguments(arguments: &[Argument]) -> String {
    arguments.iter().map(argument).collect::<Vec<_>>().join(" ")
}

fn argument(argument: &Argument) -> String {
    match argument {
        Argument::Positional(positional) => positional.value.to_string(),
        Argument::Named { key, value: named } => format!("{}={}", key.value, named.value),
    }
}

/// `n1x1`, or `stride=1`.
pub(super) fn parameter(parameter: &Parameter) -> String {
    match &parameter.default {
        Some(default) => format!("{}={}", parameter.name.value, default.value),
        None => parameter.name.value.clone(),
    }
}

/// Where an argument stands.
pub(super) fn argument_place(argument: &Argument) -> Range<usize> {
    match argument {
        Argument::Positional(value) => range(value.span),
        Argument::Named { key, value } => range(key.span.to(value.span)),
    }
}

/// Where a parameter of a block stands.
pub(super) fn parameter_place(parameter: &Parameter) -> Range<usize> {
    let name = parameter.name.span;
    range(parameter.default.as_ref().map_or(name, |default| name.to(default.span)))
}

/// A text as YAML reads it back, in quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    let is_indicator = |character: char| "-?:,[]{}#&*!|>'\"%@`".contains(character);
    let is_plain = text.starts_with(|character: char| !is_indicator(character))
        && !text.ends_with(':')
        && text.trim() == text
        && ![": ", " #", "---", "..."].iter().any(|mark| text.contains(mark))
        && !text.contains(|character: char| ",[]{}".contains(character) || character.is_control());
    if is_plain {
        return text.to_owned();
    }
    let escape = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        _ => character.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
