//! Layer expressions and values as text, the same in both syntaxes: one blank between words, everything else as written; and
//! texts as YAML quotes them.

use std::ops::Range;

use super::origin::range;
use crate::source::Spanned;
use crate::tree::{Argument, Atom, Expression, Keyword, Parameter, Value};

/// `conv 7x7/2 64 pad=3 -> 64x112x112`.
pub(super) fn expression(expression: &Expression) -> String {
    let keyword = match &expression.keyword.value {
        Keyword::Word(word) => word.clone(),
        Keyword::Parameter(name) => format!("${name}"),
    };
    let mut words = vec![keyword];
    words.extend(expression.arguments.iter().map(argument));
    if let Some(shape) = &expression.assertion {
        words.push(format!("-> {}", atoms(&shape.value)));
    }
    words.join(" ")
}

/// `bias activation=relu`.
pub(super) fn arguments(arguments: &[Argument]) -> String {
    arguments.iter().map(argument).collect::<Vec<_>>().join(" ")
}

fn argument(argument: &Argument) -> String {
    match argument {
        Argument::Positional(positional) => value(&positional.value),
        Argument::Named { key, value: named } => format!("{}={}", key.value, value(&named.value)),
    }
}

/// `n1x1`, or `stride=1`.
pub(super) fn parameter(parameter: &Parameter) -> String {
    match &parameter.default {
        Some(default) => format!("{}={}", parameter.name.value, value(&default.value)),
        None => parameter.name.value.clone(),
    }
}

/// `7x7/2`, `$n1x1`, `relu`.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Extents { sizes, steps } if steps.is_empty() => atoms(sizes),
        Value::Extents { sizes, steps } => format!("{}/{}", atoms(sizes), atoms(steps)),
        Value::Word(word) => word.clone(),
    }
}

fn atoms(atoms: &[Spanned<Atom>]) -> String {
    let atom = |atom: &Spanned<Atom>| match &atom.value {
        Atom::Number(number) => number.clone(),
        Atom::Parameter(name) => format!("${name}"),
    };
    atoms.iter().map(atom).collect::<Vec<_>>().join("x")
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
