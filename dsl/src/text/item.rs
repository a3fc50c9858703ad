//! Items of a sequence, branches of a concat or an add, and repeats.

use super::statement::Statement;
use super::table;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Construct, Expression, Item, Repeat, Separator};

/// Reads statements as the items of a sequence.
pub(super) fn items(statements: &[Statement<'_>], reader: &mut Reader<'_>) -> Vec<Item> {
    let items: Vec<Item> = statements.iter().map(|statement| item(statement, reader)).collect();
    names::check_repeated("item", items.iter().filter_map(|item| item.name.as_ref()), reader);
    items
}

fn item(statement: &Statement<'_>, reader: &mut Reader<'_>) -> Item {
    let (label, rest) = label(statement.head);
    // YAML has nothing like it.
    if statement.head.text.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a group in braces needs a name");
        let diagnostic = diagnostic.at(statement.span, "a group without one");
        reader.report(diagnostic.help("write `name: { ... }`, or its layers without the braces"));
    }
    let (name, transparent) = name(label, reader);
    Item { name, transparent, construct: construct(rest, statement, reader), span: statement.span }
}

/// Reads statements as the named branches of a concat or an add. What a semicolon joins to a branch goes on with that branch.
pub(super) fn branches(statements: &[Statement<'_>], reader: &mut Reader<'_>) -> Vec<Item> {
    let goes_on = |statement: &Statement<'_>| statement.joined && label(statement.head).0.is_none();
    let groups = statements.chunk_by(|_, next| goes_on(next));
    let branches: Vec<Item> = groups.filter_map(|group| branch(group, reader)).collect();
    names::check_repeated("branch", branches.iter().filter_map(|branch| branch.name.as_ref()), reader);
    branches
}

fn branch(group: &[Statement<'_>], reader: &mut Reader<'_>) -> Option<Item> {
    let (first, more) = group.split_first()?;
    let (label, rest) = label(first.head);
    if label.is_none() {
        let diagnostic =
            Diagnostic::error(codes::MISSING, "a branch needs a name").at(first.span, "a branch without one");
        reader.report(diagnostic.help("write `name: layer`"));
        return None;
    }
    let (name, transparent) = name(label, reader);
    let construct = construct(rest, first, reader);
    let Some(last) = more.last() else { return Some(Item { name, transparent, construct, span: first.span }) };
    if rest.text.is_empty() {
        let place = last.span.starting_at(first.span.end());
        let diagnostic = Diagnostic::error(codes::SYNTAX, "a branch in braces ends with its brace").at(place, "");
        reader.report(diagnostic.help("put all of the branch into the braces"));
    }
    let mut items =
        vec![Item { name: None, transparent: false, construct, span: first.span.starting_at(rest.span.start()) }];
    items.extend(more.iter().map(|statement| item(statement, reader)));
    Some(Item { name, transparent, construct: Construct::Sequence(items), span: first.span.to(last.span) })
}

/// Reads what stands at one place: `rest` is the statement's head behind its label.
pub(super) fn construct(rest: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Construct {
    let (word, arguments) = first_word(rest);
    if names::RESERVED.contains(&word.text) {
        reader.words.add(word.text, statement.span.starting_at(rest.span.start()));
    }
    match (word.text, &statement.body) {
        (_, Some(body)) if rest.text.is_empty() => Construct::Sequence(items(body, reader)),
        ("concat", Some(body)) if arguments.text.is_empty() => Construct::Concat(branches(body, reader)),
        ("add", Some(body)) if arguments.text.is_empty() => Construct::Add(branches(body, reader)),
        ("repeat", _) => {
            repeat(arguments, statement, reader).map_or(Construct::Invalid(statement.span), Construct::Repeat)
        }
        ("table", Some(body)) => match table::table(arguments, body, reader) {
            Some(table) => Construct::Table(table),
            None => Construct::Invalid(statement.span),
        },
        (_, None) if rest.text.is_empty() => {
            let diagnostic = Diagnostic::error(codes::MISSING, "nothing stands behind the name");
            reader.report(diagnostic.at(statement.span, "expected a layer, or braces").help("write `name: layer`"));
            Construct::Invalid(statement.span)
        }
        ("default", _) => {
            let diagnostic = Diagnostic::error(codes::SYNTAX, "a default cannot stand here").at(statement.span, "");
            reader.report(
                diagnostic.help("defaults stand at the top level, or before the layers in the braces of a block"),
            );
            Construct::Invalid(statement.span)
        }
        (_, Some(_)) => {
            let diagnostic = Diagnostic::error(codes::SYNTAX, "nothing in braces can follow a layer");
            let diagnostic =
                diagnostic.at(rest.span, "expected `name:`, `concat`, `add`, `repeat` or `table` before the brace");
            reader.report(diagnostic);
            Construct::Invalid(statement.span)
        }
        ("concat" | "add" | "table", None) => {
            let diagnostic = Diagnostic::error(codes::MISSING, format!("`{}` needs a part in braces", word.text));
            reader.report(diagnostic.at(rest.span, "expected `{` on this line"));
            Construct::Invalid(statement.span)
        }
        (_, None) if !reader.has_room() => Construct::Invalid(rest.span),
        (_, None) => {
            let reading = expression::expression(rest.parted_by(";"));
            let Some(layer) = reader.accept(reading).filter(|layer| reader.has_room_for_arguments(layer)) else {
                return Construct::Invalid(rest.span);
            };
            Construct::Expression(Expression { separator: Separator::Semicolon, ..layer })
        }
    }
}

/// Reads a repeat: `arguments` is what follows the word `repeat`.
fn repeat(arguments: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Option<Repeat> {
    let (count, layers) = header_and_layers(arguments);
    let items = if layers.text.is_empty() && statement.body.is_none() {
        let diagnostic =
            Diagnostic::error(codes::MISSING, "a `repeat` needs layers").at(statement.span, "no layers here");
        reader.report(diagnostic.help("write them in braces, or one of them behind a colon: `repeat 4: relu`"));
        None
    } else if first_word(layers).0.text == "repeat" {
        let diagnostic = Diagnostic::error(codes::SYNTAX, "a repeat behind the colon of a repeat").at(layers.span, "");
        reader.report(diagnostic.help("put it in braces: `repeat 4 { repeat 2: relu }`"));
        None
    } else {
        Some(construct(layers, statement, reader).into_items(layers.span))
    };
    if count.text.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a `repeat` needs a count").at(statement.head.span, "");
        reader.report(diagnostic.help("say how often: `repeat 4 { ... }`"));
        return None;
    }
    let count = reader.accept(expression::lone_value(count, "count of the repeat"));
    Some(Repeat { count: count?, items: items? })
}

/// Splits `name: rest`. The colon of `repeat 4: rest` ends no name.
fn label(head: Piece<'_>) -> (Option<Piece<'_>>, Piece<'_>) {
    let (label, rest) = split_at_colon(head);
    let is_repeat = label.map(first_word).is_some_and(|(word, count)| word.text == "repeat" && !count.text.is_empty());
    if is_repeat { (None, head) } else { (label, rest) }
}

/// Splits at the first colon; a layer holds none. Comments among a block's parameters may.
pub(super) fn split_at_colon(head: Piece<'_>) -> (Option<Piece<'_>>, Piece<'_>) {
    let mut in_comment = false;
    let colon = head.text.find(|character: char| {
        in_comment = character == '#' || (in_comment && character != '\n');
        character == ':' && !in_comment
    });
    match colon {
        Some(colon) => (Some(head.part(0, colon).trimmed()), head.part(colon + 1, head.text.len()).trimmed()),
        None => (None, head),
    }
}

/// Splits `header: layers`; without a colon all of it is header, and the layers are in braces.
pub(super) fn header_and_layers(head: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    match split_at_colon(head) {
        (Some(header), layers) => (header, layers),
        (None, header) => (header, header.part(header.text.len(), header.text.len())),
    }
}

/// Splits the first word from what follows it.
pub(super) fn first_word(piece: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    let end = piece.text.find(|character: char| !character.is_alphanumeric() && !"_-.".contains(character));
    let end = end.unwrap_or(piece.text.len());
    (piece.part(0, end), piece.part(end, piece.text.len()).trimmed())
}

/// The name in a label, and whether it is transparent.
fn name(label: Option<Piece<'_>>, reader: &mut Reader<'_>) -> (Option<Spanned<String>>, bool) {
    let Some(label) = label else { return (None, false) };
    let (name, transparent) = names::item(&Spanned::new(label.text.to_owned(), label.span), reader);
    (Some(name), transparent)
}
