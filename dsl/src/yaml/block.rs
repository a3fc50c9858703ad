//! `blocks:` and `defaults:`.

use super::construct::{branches, construct};
use super::fields::{Fields, fields, mapping, piece, sequence};
use super::node::Node;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Block, Construct, Defaults, Parameter};

const KEYS: [&str; 5] = ["parameters", "defaults", "concat", "add", "layers"];

/// The keys of which a block has one.
const BODIES: [&str; 3] = ["concat", "add", "layers"];

/// Reads the mapping of blocks.
pub(super) fn blocks(node: &Node, reader: &mut Reader<'_>) -> Vec<Block> {
    let entries = mapping(node, "`blocks`", reader).unwrap_or_default();
    entries.iter().map(|(name, node)| block(name, node, reader)).collect()
}

fn block(name: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) -> Block {
    names::check_block(name, reader);
    reader.words.add("block", name.span.to(node.span));
    let what = format!("block `{}`", name.value.escape_debug());
    let invalid =
        Block { name: name.clone(), parameters: Vec::new(), defaults: Vec::new(), body: Construct::Invalid(node.span) };
    let Some(fields) = fields(node, (&what, name.span), &KEYS, reader) else {
        return invalid;
    };
    let parameters = fields.get("parameters").map(|node| parameters(node, reader)).unwrap_or_default();
    let defaults = fields.get("defaults").map(|node| defaults(node, reader)).unwrap_or_default();
    Block {
        parameters,
        defaults,
        body: body(&what, (name, node.span), &fields, reader).unwrap_or(invalid.body),
        ..invalid
    }
}

/// Reads the one of `concat`, `add` and `layers` that is there.
fn body(
    what: &str,
    (name, span): (&Spanned<String>, Span),
    fields: &Fields<'_>,
    reader: &mut Reader<'_>,
) -> Option<Construct> {
    if fields.is_cut_off() {
        return None;
    }
    let mut bodies = fields.entries().iter().filter(|(key, _)| BODIES.contains(&key.value.as_str()));
    let Some((key, node)) = bodies.next() else {
        // What stands there may be what has been refused.
        if fields.entries().is_empty() && reader.has_reported_in(span) {
            return None;
        }
        let message = format!("{what} needs `concat`, `add` or `layers`");
        reader.report(Diagnostic::error(codes::MISSING, message).at(name.span, "a block without a body"));
        return None;
    };
    if let Some((second, _)) = bodies.next() {
        let message = format!("{what} has both `{}` and `{}`", key.value, second.value);
        let diagnostic = Diagnostic::error(codes::DUPLICATE, message).at(second.span, "one too many").see(key.span, "");
        reader.report(diagnostic.help("what comes one after the other stands under `layers`, as in `- concat: ...`"));
        return None;
    }
    Some(match key.value.as_str() {
        "concat" => branches(key, node, reader).map_or(Construct::Invalid(node.span), Construct::Concat),
        "add" => branches(key, node, reader).map_or(Construct::Invalid(node.span), Construct::Add),
        _ => construct(node, reader).into_block_body(node.span),
    })
}

fn parameters(node: &Node, reader: &mut Reader<'_>) -> Vec<Parameter> {
    let nodes = sequence(node, "`parameters`", reader).unwrap_or_default();
    let parameters: Vec<Parameter> = nodes.iter().filter_map(|node| parameter(node, reader)).collect();
    names::check_repeated("parameter", parameters.iter().map(|parameter| &parameter.name), reader);
    parameters
}

fn parameter(node: &Node, reader: &mut Reader<'_>) -> Option<Parameter> {
    let reading = expression::parameter(piece(node, "a parameter", "a name, or `name=value`", reader)?);
    reader.accept(reading)
}

/// Reads the mapping of defaults.
pub(super) fn defaults(node: &Node, reader: &mut Reader<'_>) -> Vec<Defaults> {
    let entries = mapping(node, "`defaults`", reader).unwrap_or_default();
    entries.iter().filter_map(|(keyword, node)| default(keyword, node, reader)).collect()
}

fn default(keyword: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) -> Option<Defaults> {
    names::check(keyword, reader);
    let reading = expression::arguments(piece(node, "a default", "a list of arguments", reader)?);
    Some(Defaults { keyword: keyword.clone(), arguments: reader.accept(reading)? })
}
