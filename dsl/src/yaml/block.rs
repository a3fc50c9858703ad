//! `blocks:` and `defaults:`.

use super::construct::{concat, construct};
use super::fields::{Fields, fields, mapping, piece, sequence};
use super::node::Node;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Parameter};

/// Reads the mapping of blocks.
pub(super) fn blocks(node: &Node, reader: &mut Reader<'_>) -> Vec<Block> {
    let entries = mapping(node, "`blocks`", reader).unwrap_or_default();
    entries.iter().map(|(name, node)| block(name, node, reader)).collect()
}

fn block(name: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) -> Block {
    names::check(name, reader);
    let what = format!("block `{}`", name.value.escape_debug());
    let invalid =
        Block { name: name.clone(), parameters: Vec::new(), defaults: Vec::new(), body: Construct::Invalid(node.span) };
    let Some(fields) = fields(node, (&what, name.span), &["parameters", "concat", "layers"], reader) else {
        return invalid;
    };
    let parameters = fields.get("parameters").map(|node| parameters(node, reader)).unwrap_or_default();
    Block { parameters, body: body(&what, name, &fields, reader).unwrap_or(invalid.body), ..invalid }
}

fn body(what: &str, name: &Spanned<String>, fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Construct> {
    let diagnostic = match (fields.get("concat"), fields.get("layers")) {
        (Some(branches), None) => return Some(concat(branches, reader)),
        (None, Some(layers)) => return Some(construct(layers, reader).into_block_body(layers.span)),
        (Some(branches), Some(layers)) => {
            Diagnostic::error(codes::DUPLICATE, format!("{what} has both `concat` and `layers`"))
                .at(layers.span, "the layers")
                .see(branches.span, "the branches")
                .help("put the concat among the layers, as `- concat: ...`")
        }
        (None, None) => Diagnostic::error(codes::MISSING, format!("{what} needs `concat` or `layers`"))
            .at(name.span, "a block without a body"),
    };
    reader.report(diagnostic);
    None
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
