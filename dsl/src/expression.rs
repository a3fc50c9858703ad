//! Layer expressions and the values in them, from the grammar to the tree. Both syntaxes read them here.

use pest::iterators::Pair;

use crate::grammar::{Reading, Rule, part, parts, place, read, text};
use crate::piece::Piece;
use crate::source::Spanned;
use crate::tree::{Argument, Atom, Expression, Keyword, Parameter, Value};

/// Reads a layer or a call of a block: `conv 7x7/2 64 -> 64x112x112`.
pub(crate) fn expression(piece: Piece<'_>) -> Reading<Expression> {
    let piece = piece.trimmed();
    let pair = read(Rule::expression, piece, "layer")?;
    let word = part(&pair, Rule::keyword).map_or_else(
        || place(&pair, piece, Keyword::Word(String::new())),
        |keyword| match part(&keyword, Rule::reference) {
            Some(reference) => place(&reference, piece, Keyword::Parameter(without_dollar(&reference))),
            None => place(&keyword, piece, Keyword::Word(keyword.as_str().to_owned())),
        },
    );
    let assertion = part(&pair, Rule::assertion).and_then(|assertion| part(&assertion, Rule::shape)).map(|shape| {
        place(&shape, piece, part(&shape, Rule::sizes).map(|sizes| atoms(sizes, piece)).unwrap_or_default())
    });
    Ok(Expression { keyword: word, arguments: argument_list(&pair, piece), assertion, span: piece.span })
}

/// Reads a value that stands alone: a table cell, `input:`, `classes:`.
pub(crate) fn lone_value(piece: Piece<'_>) -> Reading<Spanned<Value>> {
    let pair = read(Rule::lone_value, piece, "value")?;
    Ok(part(&pair, Rule::value)
        .map_or_else(|| place(&pair, piece, Value::Word(String::new())), |value| self::value(&value, piece)))
}

/// Reads the arguments of a default: `bias activation=relu`.
pub(crate) fn arguments(piece: Piece<'_>) -> Reading<Vec<Argument>> {
    let pair = read(Rule::arguments, piece, "list of arguments")?;
    Ok(argument_list(&pair, piece))
}

/// Reads a parameter of a block: `n1x1`, or `stride=1`.
pub(crate) fn parameter(piece: Piece<'_>) -> Reading<Parameter> {
    let pair = read(Rule::lone_parameter, piece, "parameter")?;
    Ok(parameter_list(&pair, piece).pop().unwrap_or_else(|| Parameter { name: text(&pair, piece), default: None }))
}

/// The arguments among the parts of `pair`, in order.
pub(crate) fn argument_list(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Argument> {
    let argument = |part: Pair<'_, Rule>| {
        if part.as_rule() == Rule::value {
            return Some(Argument::Positional(value(&part, piece)));
        }
        named(&part, piece).map(|(key, value)| Argument::Named { key, value })
    };
    pair.clone().into_inner().filter_map(argument).collect()
}

/// The two sides of `key=value`; `None` for a pair of another rule.
pub(crate) fn named(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Option<(Spanned<String>, Spanned<Value>)> {
    Some((text(&part(pair, Rule::key)?, piece), value(&part(pair, Rule::value)?, piece)))
}

/// The parameters among the parts of `pair`, in order.
pub(crate) fn parameter_list(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Parameter> {
    let parameter = |pair: Pair<'_, Rule>| {
        let name = text(&part(&pair, Rule::identifier)?, piece);
        Some(Parameter { name, default: part(&pair, Rule::value).map(|default| value(&default, piece)) })
    };
    parts(pair, Rule::parameter).filter_map(parameter).collect()
}

/// The value that a pair of rule `value` stands for.
pub(crate) fn value(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Spanned<Value> {
    let Some(extents) = part(pair, Rule::extents) else {
        return place(pair, piece, Value::Word(pair.as_str().to_owned()));
    };
    let list = |rule| part(&extents, rule).map(|list| atoms(list, piece)).unwrap_or_default();
    place(pair, piece, Value::Extents { sizes: list(Rule::sizes), steps: list(Rule::steps) })
}

fn atoms(list: Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Spanned<Atom>> {
    let atom = |pair: Pair<'_, Rule>| {
        let atom = if pair.as_rule() == Rule::reference {
            Atom::Parameter(without_dollar(&pair))
        } else {
            Atom::Number(pair.as_str().to_owned())
        };
        place(&pair, piece, atom)
    };
    list.into_inner().map(atom).collect()
}

fn without_dollar(reference: &Pair<'_, Rule>) -> String {
    reference.as_str().trim_start_matches('$').to_owned()
}
