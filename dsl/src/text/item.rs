//! Items of a sequence and branches of a concat.

use super::statement::Statement;
use super::table;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Item};

/// Reads statements as the items of a sequence.
pub(super) fn items(statements: &[Statement<'_>], reader: &mut Reader<'_>) -> Vec<Item> {
    let items: Vec<Item> = statements.iter().map(|statement| item(statement, reader)).collect();
    names::check_repeated("item", items.iter().filter_map(|item| item.name.as_ref()), reader);
    items
}

fn item(statement: &Statement<'_>, reader: &mut Reader<'_>) -> Item {
    let (label, rest) = label(statement.head);
    let name = label.map(|label| name(label, reader));
    Item { name, transparent: false, construct: construct(rest, statement, reader), span: statement.span }
}

/// Reads statements as the named branches of a concat. What a semicolon joins to a branch goes on with that branch.
pub(super) fn branches(statements: &[Statement<'_>], reader: &mut Reader<'_>) -> Vec<Item> {
    let goes_on = |statement: &Statement<'_>| statement.joined && !statement.head.text.contains(':');
    let groups = statements.chunk_by(|_, next| goes_on(next));
    let branches: Vec<Item> = groups.filter_map(|group| branch(group, reader)).collect();
    names::check_repeated("branch", branches.iter().filter_map(|branch| branch.name.as_ref()), reader);
    branches
}

fn branch(group: &[Statement<'_>], reader: &mut Reader<'_>) -> Option<Item> {
    let (first, more) = group.split_first()?;
    let (label, rest) = label(first.head);
    let Some(label) = label else {
        let diagnostic =
            Diagnostic::error(codes::MISSING, "a branch needs a name").at(first.span, "a branch without one");
        reader.report(diagnostic.help("write `name: layer`"));
        return None;
    };
    let name = Some(name(label, reader));
    let construct = construct(rest, first, reader);
    let Some(last) = more.last() else { return Some(Item { name, transparent: false, construct, span: first.span }) };
    let mut items =
        vec![Item { name: None, transparent: false, construct, span: Span { start: rest.span.start, ..first.span } }];
    items.extend(more.iter().map(|statement| item(statement, reader)));
    Some(Item { name, transparent: false, construct: Construct::Sequence(items), span: first.span.to(last.span) })
}

/// Reads what stands at one place: `rest` is the statement's head behind its label.
pub(super) fn construct(rest: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Construct {
    let (word, arguments) = first_word(rest);
    match (word.text, &statement.body) {
        (_, Some(body)) if rest.text.is_empty() => Construct::Sequence(items(body, reader)),
        ("concat", Some(body)) if arguments.text.is_empty() => Construct::Concat(branches(body, reader)),
        ("table", Some(body)) => match table::table(arguments, body, reader) {
            Some(table) => Construct::Table(table),
            None => Construct::Invalid(statement.span),
        },
        (_, None) if rest.text.is_empty() => {
            let diagnostic = Diagnostic::error(codes::MISSING, "nothing stands behind the name");
            reader.report(diagnostic.at(statement.span, "expected a layer, or braces").help("write `name: layer`"));
            Construct::Invalid(statement.span)
        }
        (_, Some(_)) => {
            let diagnostic = Diagnostic::error(codes::SYNTAX, "nothing in braces can follow a layer");
            let diagnostic = diagnostic.at(rest.span, "expected `name:`, `concat` or `table` before the brace");
            reader.report(diagnostic);
            Construct::Invalid(statement.span)
        }
        ("concat" | "table", None) => {
            let diagnostic = Diagnostic::error(codes::MISSING, format!("`{}` needs a part in braces", word.text));
            reader.report(diagnostic.at(rest.span, "expected `{` on this line"));
            Construct::Invalid(statement.span)
        }
        (_, None) => {
            let reading = expression::expression(rest);
            reader.accept(reading).map_or(Construct::Invalid(rest.span), Construct::Expression)
        }
    }
}

/// Splits `name: rest`. A layer holds no colon, so the first one ends the label.
pub(super) fn label(head: Piece<'_>) -> (Option<Piece<'_>>, Piece<'_>) {
    match head.text.find(':') {
        Some(colon) => (Some(head.part(0, colon).trimmed()), head.part(colon + 1, head.text.len()).trimmed()),
        None => (None, head),
    }
}

/// Splits `header: layers`; without a colon all of it is header, and the layers are in braces.
pub(super) fn header_and_layers(head: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    match label(head) {
        (Some(header), layers) => (header, layers),
        (None, header) => (header, header.part(header.text.len(), header.text.len())),
    }
}

/// Splits the first word from what follows it.
pub(super) fn first_word(piece: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    let end = piece.text.find(|character: char| !character.is_alphanumeric() && character != '_');
    let end = end.unwrap_or(piece.text.len());
    (piece.part(0, end), piece.part(end, piece.text.len()).trimmed())
}

fn name(label: Piece<'_>, reader: &mut Reader<'_>) -> Spanned<String> {
    let name = Spanned::new(label.text.to_owned(), label.span);
    names::check_item(&name, reader);
    name
}
