//! `heads:` and `outputs:`.

use super::construct::construct;
use super::fields::{fields, mapping, name, report_empty, sequence, text, value};
use super::node::{Kind, Node};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::names;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Construct, Head};

/// Reads the mapping of heads.
pub(super) fn heads(node: &Node, reader: &mut Reader<'_>) -> Vec<Head> {
    let entries = mapping(node, "`heads`", reader).unwrap_or_default();
    let heads: Vec<Head> = entries.iter().map(|(name, node)| head(name, node, reader)).collect();
    names::check_repeated("head", heads.iter().map(|head| &head.name), reader);
    heads
}

fn head(key: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) -> Head {
    let (name, transparent) = names::head(key, reader);
    let what = format!("head `{}`", name.value.escape_debug());
    let mut head = Head {
        name,
        transparent,
        from: None,
        weight: None,
        when: None,
        declared: None,
        layers: Construct::Invalid(node.span),
        span: key.span.to(node.span),
    };
    if let Kind::Scalar(_) | Kind::Sequence(_) = &node.kind {
        head.layers = layers_alone(node, &what, reader);
        return head;
    }
    let Some(fields) = fields(node, (&what, key.span), &["from", "weight", "when", "declared", "layers"], reader)
    else {
        return head;
    };
    head.from = fields.get("from").and_then(|node| from(node, reader));
    head.weight = fields.get("weight").and_then(|node| value(node, "`weight`", reader));
    head.when = fields.get("when").and_then(|node| text(node, "`when`", reader));
    head.declared = fields.get("declared").and_then(|node| text(node, "`declared`", reader));
    if let Some(layers) = fields.require("layers", reader).filter(|_| !fields.is_cut_off()) {
        head.layers = construct(layers, reader);
    }
    head
}

/// Reads a head that says its layers alone, without the key that they stand under, and reports it.
fn layers_alone(node: &Node, what: &str, reader: &mut Reader<'_>) -> Construct {
    let message = format!("{what} must be a mapping, and this is {}", node.kind.name());
    let diagnostic = Diagnostic::error(codes::WRONG_FORM, message).at(node.span, "expected a mapping");
    let (start, end) = (node.span.start(), node.span.end());
    let is_in_one_line = reader.text.get(start..end).is_some_and(|text| !text.contains('\n'));
    reader.report(if is_in_one_line {
        let edit = |at: usize, text: &str| Edit { span: reader.span(at, at), replacement: text.to_owned() };
        let edits = vec![edit(start, "{layers: "), edit(end, "}")];
        diagnostic.suggest_all(Suggestion { message: "put them under `layers`".to_owned(), edits, is_safe: true })
    } else {
        diagnostic.help("put them under `layers:`, indented further")
    });
    construct(node, reader)
}

/// Reads the name or path of a node.
fn from(node: &Node, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    let path = text(node, "`from`", reader)?;
    if path.value.contains(['(', ')']) {
        names::check(&path, reader);
    }
    Some(path)
}

/// Reads the list of outputs.
pub(super) fn outputs(node: &Node, reader: &mut Reader<'_>) -> Option<Spanned<Vec<Spanned<String>>>> {
    let nodes = sequence(node, "`outputs`", reader)?;
    report_empty(nodes, "`outputs`", node.span, reader);
    let names = nodes.iter().filter_map(|node| name(node, "an output", reader)).collect();
    Some(Spanned::new(names, node.span))
}
