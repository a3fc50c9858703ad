//! The pest grammar, and its errors as messages of ours.

use std::collections::BTreeSet;

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::limits::LONGEST;
use crate::mend;
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
    if piece.text.len() > LONGEST {
        return Err(Box::new(too_long(piece, what)));
    }
    let mut pairs =
        generated::Grammar::parse(rule, piece.text).map_err(|error| Box::new(message(&error, rule, piece, what)))?;
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

/// The message that nobody writes so much at one place.
fn too_long(piece: Piece<'_>, what: &str) -> Diagnostic {
    let length = piece.text.len();
    Diagnostic::error(
        codes::TOO_LARGE,
        format!("this {what} is {length} bytes long, and none needs more than {LONGEST}"),
    )
    .at(piece.place(0, token(piece.text).len()), "starts here")
}

/// What pest found, as a message: the first text that fits nowhere, and what could stand there.
fn message(error: &Error<Rule>, rule: Rule, piece: Piece<'_>, what: &str) -> Diagnostic {
    let position = match error.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    // What is wrong is the word behind the blanks.
    let blanks = piece.text.get(position..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let position = position + blanks;
    let (before, rest) = piece.text.split_at_checked(position).unwrap_or((piece.text, ""));
    let mut expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => alternatives(positives),
        ErrorVariant::CustomError { message } => message.clone(),
    };
    if expected == "the end" && !before.ends_with(char::is_whitespace) {
        expected.insert_str(0, "a blank or ");
    }
    let token = token(rest);
    if token.is_empty() {
        let end = piece.text.trim_end().len();
        return Diagnostic::error(codes::SYNTAX, format!("the {what} ends too early"))
            .at(piece.place(end, end), format!("expected {expected}"));
    }
    let shown: String = token.chars().flat_map(shown).collect();
    let diagnostic = Diagnostic::error(codes::SYNTAX, format!("unexpected `{shown}` in the {what}"))
        .at(piece.place(position, position + token.len()), format!("expected {expected}"));
    mend::add(diagnostic, rule, piece, position, token)
}

/// What somebody would call the word at the start of `rest`: to the next blank or bracket, and not without end.
fn token(rest: &str) -> &str {
    let is_end = |character: char| character.is_whitespace() || ",;:=|(){}[]\"'".contains(character);
    let mut ends = rest.char_indices().skip(1).take(40).filter(|&(_, character)| is_end(character));
    let longest = rest.char_indices().nth(40).map_or(rest.len(), |(end, _)| end);
    &rest[..ends.next().map_or(longest, |(end, _)| end)]
}

/// A character as messages show it.
fn shown(character: char) -> Vec<char> {
    if matches!(character, '"' | '\'') { vec![character] } else { character.escape_debug().collect() }
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
        Rule::name | Rule::names | Rule::lone_name | Rule::head_header | Rule::lint_level => (1, "a name"),
        Rule::identifier | Rule::parameter => (1, "the name of a parameter"),
        Rule::number => (2, "a number"),
        Rule::reference => (3, "a parameter such as `$n`"),
        Rule::value | Rule::word | Rule::extents => (4, "a value"),
        Rule::named | Rule::key => (5, "`key=value`"),
        Rule::sizes | Rule::steps | Rule::shape => (6, "numbers joined by `x`"),
        Rule::assertion => (6, "`->` and a shape"),
        Rule::library | Rule::lone_library | Rule::libraries => (1, "the name or the path of a library"),
        Rule::comma => (7, "`,`"),
        Rule::close => (8, "`)`"),
        Rule::EOI => (9, "the end"),
        _ => return None,
    })
}
