//! The pest grammar, and its errors as messages of ours.

use std::collections::BTreeSet;

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::piece::Piece;
use crate::source::Spanned;

/// What reading gives: the thing, or the one message that says why not.
pub(crate) type Reading<T> = Result<T, Box<Diagnostic>>;

mod generated {
    /// The parser that pest derives from the grammar file.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar.pest"]
    pub(crate) struct Grammar;
}
pub(crate) use generated::Rule;

/// Reads all of `piece` by `rule`. `what` names the thing in messages: "layer".
pub(crate) fn read<'a>(rule: Rule, piece: Piece<'a>, what: &str) -> Reading<Pair<'a, Rule>> {
    let mut pairs =
        generated::Grammar::parse(rule, piece.text).map_err(|error| Box::new(message(&error, piece, what)))?;
    pairs.next().ok_or_else(|| Box::new(Diagnostic::error(codes::SYNTAX, format!("no {what}")).at(piece.span, "")))
}

/// The parts of `pair` that `rule` read, in order.
pub(crate) fn parts<'a>(pair: &Pair<'a, Rule>, rule: Rule) -> impl Iterator<Item = Pair<'a, Rule>> {
    pair.clone().into_inner().filter(move |part| part.as_rule() == rule)
}

/// The first part of `pair` that `rule` read.
pub(crate) fn part<'a>(pair: &Pair<'a, Rule>, rule: Rule) -> Option<Pair<'a, Rule>> {
    parts(pair, rule).next()
}

/// The text of `pair`, with its place.
pub(crate) fn text(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Spanned<String> {
    place(pair, piece, pair.as_str().to_owned())
}

/// A value that `pair` stands for, with its place.
pub(crate) fn place<T>(pair: &Pair<'_, Rule>, piece: Piece<'_>, value: T) -> Spanned<T> {
    Spanned::new(value, piece.place(pair.as_span().start(), pair.as_span().end()))
}

/// What pest found, as a message: the first text that fits nowhere, and what could stand there.
fn message(error: &Error<Rule>, piece: Piece<'_>, what: &str) -> Diagnostic {
    let position = match error.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => alternatives(positives),
        ErrorVariant::CustomError { message } => message.clone(),
    };
    let rest = piece.text.get(position..).unwrap_or_default();
    let Some(first) = rest.chars().next() else {
        let end = piece.text.trim_end().len();
        return Diagnostic::error(codes::SYNTAX, format!("the {what} ends too early"))
            .at(piece.place(end, end), format!("expected {expected}"));
    };
    let diagnostic = Diagnostic::error(codes::SYNTAX, format!("unexpected `{}` in the {what}", shown(first)))
        .at(piece.place(position, position + first.len_utf8()), format!("expected {expected}"));
    match help(piece.text, position, first) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// A character as messages show it.
fn shown(character: char) -> String {
    match character {
        '"' | '\'' => character.to_string(),
        _ => character.escape_debug().to_string(),
    }
}

/// What to do about a few mistakes that are easy to make.
fn help(text: &str, position: usize, first: char) -> Option<&'static str> {
    match first {
        '=' => Some("write `key=value` without blanks around the equals sign"),
        ',' => Some("join several values by `x`, as in `pad=1x2`"),
        '>' if text.get(..position)?.ends_with('-') => Some("put a blank before `->`"),
        '"' | '\'' => Some("a layer is written without quotes inside"),
        _ => None,
    }
}

/// "a number or a parameter such as `$n`", each thing once.
fn alternatives(rules: &[Rule]) -> String {
    let words: BTreeSet<(u8, &str)> = rules.iter().filter_map(|&rule| describe(rule)).collect();
    let words: Vec<&str> = words.into_iter().map(|(_, word)| word).collect();
    match words.as_slice() {
        [] => "a blank or the end".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// What a rule stands for in messages, and its rank in an enumeration.
#[expect(clippy::wildcard_enum_match_arm, reason = "rules that only group others are never what somebody should write")]
fn describe(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::keyword | Rule::kind => (0, "the name of a layer or block"),
        Rule::name | Rule::names | Rule::lone_name => (1, "a name"),
        Rule::identifier | Rule::parameter => (1, "the name of a parameter"),
        Rule::number => (2, "a number"),
        Rule::reference => (3, "a parameter such as `$n`"),
        Rule::value | Rule::word | Rule::extents => (4, "a value"),
        Rule::named | Rule::key => (5, "`key=value`"),
        Rule::sizes | Rule::steps | Rule::shape => (6, "numbers joined by `x`"),
        Rule::assertion => (7, "`->` and a shape"),
        Rule::EOI => (9, "the end"),
        _ => return None,
    })
}
