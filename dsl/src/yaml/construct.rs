//! What can stand at one place of a network: an expression, a list, a concat, a table, named items.

use super::fields::{mapping, wrong_form};
use super::node::{Kind, Node, Scalar};
use super::table;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Item};

/// Reads what stands at one place of a network.
pub(super) fn construct(node: &Node, reader: &mut Reader<'_>) -> Construct {
    match &node.kind {
        Kind::Scalar(scalar) => layer(scalar, node.span, reader),
        Kind::Sequence(_) => Construct::Sequence(items(node, reader)),
        Kind::Mapping(entries) => match structure(entries, reader) {
            Some(structure) => structure,
            None => Construct::Sequence(named(entries, reader)),
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

/// Reads a list of layers, or a mapping of named ones, as the items of a sequence.
pub(super) fn items(node: &Node, reader: &mut Reader<'_>) -> Vec<Item> {
    let items = match &node.kind {
        Kind::Sequence(nodes) => nodes.iter().flat_map(|node| elements(node, reader)).collect(),
        Kind::Mapping(entries) => match structure(entries, reader) {
            Some(construct) => vec![Item { name: None, transparent: false, construct, span: node.span }],
            None => named(entries, reader),
        },
        Kind::Scalar(_) | Kind::Empty | Kind::Refused => {
            wrong_form(node, "this part", "a list of layers, or a mapping of named layers", reader);
            Vec::new()
        }
    };
    names::check_repeated("item", items.iter().filter_map(|item: &Item| item.name.as_ref()), reader);
    items
}

/// The items that one element of a list gives: `fc: linear 10` in a list is a mapping, and names its item.
fn elements(node: &Node, reader: &mut Reader<'_>) -> Vec<Item> {
    let construct = match &node.kind {
        Kind::Mapping(entries) => match structure(entries, reader) {
            Some(structure) => structure,
            None => return named(entries, reader),
        },
        Kind::Sequence(_) => {
            wrong_form(node, "an element of a list of layers", "a layer or a named item", reader);
            Construct::Invalid(node.span)
        }
        Kind::Scalar(_) | Kind::Empty | Kind::Refused => construct(node, reader),
    };
    vec![Item { name: None, transparent: false, construct, span: node.span }]
}

/// The concat or the table that a mapping stands for, if it has that key alone.
fn structure(entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) -> Option<Construct> {
    match entries {
        [(key, node)] if key.value == "concat" => Some(concat(node, reader)),
        [(key, node)] if key.value == "table" => {
            Some(table::table(node, key.span, reader).map_or(Construct::Invalid(node.span), Construct::Table))
        }
        _ => None,
    }
}

/// Reads named branches.
pub(super) fn concat(node: &Node, reader: &mut Reader<'_>) -> Construct {
    match mapping(node, "a `concat`", reader) {
        Some(entries) => Construct::Concat(named(entries, reader)),
        None => Construct::Invalid(node.span),
    }
}

fn named(entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) -> Vec<Item> {
    let item = |(name, node): &(Spanned<String>, Node)| {
        names::check_item(name, reader);
        Item {
            name: Some(name.clone()),
            transparent: false,
            construct: construct(node, reader),
            span: name.span.to(node.span),
        }
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
    let reading = expression::expression(piece);
    reader.accept(reading).map_or(Construct::Invalid(span), Construct::Expression)
}
