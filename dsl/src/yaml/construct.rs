//! What can stand at one place of a network: an expression, a list, a concat, an add, a repeat, a table, named items.

use super::fields::{mapping, note_words, value, wrong_form, wrong_form_with};
use super::node::{Kind, Node, Scalar};
use super::table;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Item, Keyword, Repeat, Separator};

/// Reads what stands at one place of a network.
pub(super) fn construct(node: &Node, reader: &mut Reader<'_>) -> Construct {
    match &node.kind {
        Kind::Scalar(scalar) => layer(scalar, node.span, reader),
        Kind::Sequence(_) => Construct::Sequence(items(node, reader)),
        Kind::Mapping(entries) if is_one_layer(entries, reader) => Construct::Invalid(node.span),
        Kind::Mapping(entries) => match structure(node, entries, reader) {
            Some(structure) => structure,
            None => Construct::Sequence(items(node, reader)),
        },
        Kind::Empty => {
            let diagnostic = Diagnostic::error(codes::MISSING, "nothing stands here")
                .at(node.span, "expected a layer, a list of layers, or named layers");
            reader.report(diagnostic);
            Construct::Invalid(node.span)
        }
        Kind::Refused => Construct::Invalid(node.span),
    }
}

/// Whether a mapping says what other tools say about one layer, `{kernel: 3, stride: 2}`, which is reported.
fn is_one_layer(entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) -> bool {
    let is_number = |node: &Node| match &node.kind {
        Kind::Scalar(Scalar { text, .. }) => text.parse::<f64>().is_ok() || ["true", "false"].contains(&text.as_str()),
        Kind::Sequence(_) | Kind::Mapping(_) | Kind::Empty | Kind::Refused => false,
    };
    let Some((key, node)) = entries.iter().find(|(key, node)| is_number(node) && names::is_of_a_layer(&key.value))
    else {
        return false;
    };
    let message = format!("`{}` cannot be said under a key of its own", key.value);
    let diagnostic = Diagnostic::error(codes::BARE_NUMBER, message).at(key.span.to(node.span), "not a layer");
    reader.report(diagnostic.help("all about a layer stands in one text, as in `conv 3x3/2 64 pad=1`"));
    true
}

/// Reads a list of layers, or a mapping of named ones, as the items of a sequence.
pub(super) fn items(node: &Node, reader: &mut Reader<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = match &node.kind {
        Kind::Sequence(nodes) if !reader.has_room_for(nodes.len(), node.span) => invalid(node.span),
        Kind::Sequence(nodes) => {
            let mut items: Vec<Item> = nodes.iter().flat_map(|node| elements(node, reader)).collect();
            if reader.text[node.span.start()..].starts_with('[') {
                items.iter_mut().for_each(part_by_comma);
            }
            items
        }
        Kind::Mapping(_) => elements(node, reader),
        Kind::Scalar(scalar) if has_bare_colon(scalar) => {
            layer(scalar, node.span, reader);
            Vec::new()
        }
        Kind::Scalar(_) | Kind::Empty | Kind::Refused => {
            wrong_form(node, "this part", "a list of layers, or a mapping of named layers", reader);
            Vec::new()
        }
    };
    // A spec can hold many short lists.
    items.shrink_to_fit();
    names::check_repeated("item", items.iter().filter_map(|item| item.name.as_ref()), reader);
    items
}

/// Notes that a comma ends the layer of an item, which stands in brackets.
fn part_by_comma(item: &mut Item) {
    if let Construct::Expression(expression) = &mut item.construct {
        expression.separator = Separator::Comma;
    }
}

/// The items that one element of a list gives: `fc: linear 10` in a list is a mapping, and names its item.
fn elements(node: &Node, reader: &mut Reader<'_>) -> Vec<Item> {
    let construct = match &node.kind {
        Kind::Mapping(entries) => match structure(node, entries, reader) {
            Some(structure) => structure,
            None if is_one_layer(entries, reader) => Construct::Invalid(node.span),
            None => return named(entries, reader),
        },
        Kind::Sequence(_) => {
            let help = "give the inner list a name, `- name: [...]`, or write its layers without the brackets";
            wrong_form_with(node, ("an element of a list of layers", "a layer or a named item"), help, reader);
            Construct::Invalid(node.span)
        }
        Kind::Scalar(_) | Kind::Empty | Kind::Refused => construct(node, reader),
    };
    vec![Item { name: None, transparent: false, construct, span: node.span }]
}

/// The concat, add or table that a mapping stands for, if it has that key alone, or the repeat, if it has that key.
fn structure(node: &Node, entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) -> Option<Construct> {
    if let Some((key, _)) = entries.iter().find(|(key, _)| key.value == "repeat") {
        note_words(entries, reader);
        return Some(repeat(node, key, reader).map_or(Construct::Invalid(node.span), Construct::Repeat));
    }
    let [(key, part)] = entries else { return None };
    let construct = match key.value.as_str() {
        "concat" => branches(key, part, reader).map(Construct::Concat),
        "add" => branches(key, part, reader).map(Construct::Add),
        "table" => table::table(part, key.span, reader).map(Construct::Table),
        _ => return None,
    };
    note_words(entries, reader);
    Some(construct.unwrap_or(Construct::Invalid(part.span)))
}

/// Reads the named branches under `key`, which is `concat` or `add`.
pub(super) fn branches(key: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) -> Option<Vec<Item>> {
    let article = if key.value == "add" { "an" } else { "a" };
    let what = format!("{article} `{}`", key.value);
    if let Kind::Sequence(_) = &node.kind {
        let help = format!("every branch has a name: `{}: {{a: ..., b: ...}}`", key.value);
        wrong_form_with(node, (&what, "a mapping"), &help, reader);
        return None;
    }
    let branches = named(mapping(node, &what, reader)?, reader);
    names::check_repeated("branch", branches.iter().filter_map(|branch| branch.name.as_ref()), reader);
    Some(branches)
}

/// Reads `{repeat: 4, layers: ...}`; `key` is the word `repeat`.
fn repeat(node: &Node, key: &Spanned<String>, reader: &mut Reader<'_>) -> Option<Repeat> {
    const KEYS: [&str; 2] = ["repeat", "layers"];
    let entries = mapping(node, "a `repeat`", reader)?;
    let others: Vec<_> = entries.iter().filter(|(key, _)| !KEYS.contains(&key.value.as_str())).collect();
    for (other, _) in &others {
        let diagnostic = names::unknown("a `repeat` has no key", other, &KEYS).see(key.span, "of this `repeat`");
        reader.report(diagnostic.help(
            "what is repeated stands under `layers`, and a `repeat` has a place of its own: an element of a list, or under a name",
        ));
    }
    let of = |word: &str| entries.iter().find(|(key, _)| key.value == word).map(|(_, node)| node);
    let count = of("repeat").and_then(|node| value(node, "the count of a `repeat`", reader));
    let layers = of("layers").map(|node| construct(node, reader).into_items(node.span));
    if layers.is_none() && others.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, "a `repeat` needs the key `layers`");
        reader.report(diagnostic.at(key.span, "`layers` is missing").help("write `{repeat: 4, layers: ...}`"));
    }
    Some(Repeat { count: count?, items: layers? }).filter(|_| others.is_empty())
}

/// What stands for items that have been reported.
fn invalid(span: Span) -> Vec<Item> {
    vec![Item { name: None, transparent: false, construct: Construct::Invalid(span), span }]
}

fn named(entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) -> Vec<Item> {
    if let Some(span) = entries.first().zip(entries.last()).map(|(first, last)| first.0.span.to(last.0.span))
        && !reader.has_room_for(entries.len(), span)
    {
        return invalid(span);
    }
    let item = |(key, node): &(Spanned<String>, Node)| {
        let (name, transparent) = names::item(key, reader);
        Item { name: Some(name), transparent, construct: construct(node, reader), span: key.span.to(node.span) }
    };
    entries.iter().map(item).collect()
}

fn layer(scalar: &Scalar, span: Span, reader: &mut Reader<'_>) -> Construct {
    let piece = scalar.piece(span, reader);
    if piece.text.trim().parse::<f64>().is_ok() {
        let diagnostic = Diagnostic::error(codes::BARE_NUMBER, format!("the number `{}` is not a layer", scalar.text))
            .at(span, "expected a layer")
            .help("in a list YAML cuts at every comma: join several values by `x`, as in `pad=1x2`");
        reader.report(diagnostic);
        return Construct::Invalid(span);
    }
    if !reader.has_room() {
        return Construct::Invalid(span);
    }
    let reading = expression::expression(piece);
    let Some(expression) = reader.accept(reading).filter(|layer| reader.has_room_for_arguments(layer)) else {
        return Construct::Invalid(span);
    };
    match &expression.keyword.value {
        Keyword::Word(word) if names::RESERVED.contains(&word.as_str()) => {
            let diagnostic = Diagnostic::error(codes::WRONG_FORM, format!("`{word}` is not a layer"));
            let help = format!("write it as the key of a mapping: `{}`", written(word));
            reader.report(diagnostic.at(expression.keyword.span, "a word of the language").help(help));
            Construct::Invalid(span)
        }
        Keyword::Word(_) | Keyword::Parameter(_) => Construct::Expression(expression),
    }
}

/// Whether a text begins with a name and a colon, and lacks the blank that makes it a key of YAML.
fn has_bare_colon(scalar: &Scalar) -> bool {
    let name = scalar.text.split_once(':').map_or("", |(name, _)| name);
    scalar.plain && !name.is_empty() && !name.contains(char::is_whitespace)
}

/// How a word that says what follows it is written in YAML.
fn written(word: &str) -> &'static str {
    match word {
        "repeat" => "{repeat: 4, layers: ...}",
        "table" => "{table: {block: ..., columns: [...], rows: ...}}",
        "add" => "{add: {a: ..., b: ...}}",
        _ => "{concat: {a: ..., b: ...}}",
    }
}
