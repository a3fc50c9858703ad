//! The top level of a spec.

use super::block::{blocks, defaults};
use super::construct::items;
use super::fields::{fields, piece, text, value};
use super::head::{heads, outputs};
use super::node::{Kind, Node};
use super::table::table;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Item, Section, Spec};

const KEYS: [&str; 12] = [
    "version", "network", "input", "classes", "use", "defaults", "blocks", "stem", "body", "table", "heads", "outputs",
];

/// Reads a spec; `None` if the document is empty or no mapping.
pub(super) fn spec(document: &Node, reader: &mut Reader<'_>) -> Option<Spec> {
    if matches!(document.kind, Kind::Empty) {
        return None;
    }
    let fields = fields(document, ("a spec", document.span), &KEYS, reader)?;
    let mut spec = Spec::default();
    for (key, node) in fields.entries() {
        let before = (reader.reported(), spec.amount(&key.value));
        entry(&mut spec, key, node, reader);
        let is_known = KEYS.contains(&key.value.as_str());
        if !is_known || (reader.reported() > before.0 && spec.amount(&key.value) == before.1) {
            spec.unread.extend(names::known_or_meant(&key.value, &KEYS));
        }
    }
    Some(spec)
}

fn entry(spec: &mut Spec, key: &Spanned<String>, node: &Node, reader: &mut Reader<'_>) {
    let word = key.value.as_str();
    if ["stem", "body", "table"].contains(&word) {
        reader.words.add_section(word, key.span.to(node.span));
    }
    match word {
        "version" => spec.version = text(node, "`version`", reader),
        "network" => spec.network = text(node, "`network`", reader),
        "input" => spec.input = value(node, "`input`", reader),
        "classes" => spec.classes = value(node, "`classes`", reader),
        "use" => spec.uses = libraries(node, reader),
        "defaults" => spec.defaults = defaults(node, reader),
        "blocks" => spec.blocks = blocks(node, reader),
        "stem" | "body" => spec.sections.push(Section::Body(items(node, reader))),
        "table" => spec.sections.push(Section::Body(vec![table_item(key.span, node, reader)])),
        "heads" => spec.sections.extend(heads(node, reader).into_iter().map(Section::Head)),
        "outputs" => spec.outputs = outputs(node, reader),
        // Reported with the mapping.
        _ => {}
    }
}

/// Reads `use:`, one library or a list of them.
fn libraries(node: &Node, reader: &mut Reader<'_>) -> Vec<Spanned<String>> {
    let nodes = if let Kind::Sequence(nodes) = &node.kind { nodes.as_slice() } else { std::slice::from_ref(node) };
    let expected = "the name of a library, the path of a file, or a list of them";
    let library = |node: &Node| {
        let piece = piece(node, "`use`", expected, reader)?;
        reader.accept(expression::library(piece))
    };
    let libraries: Vec<_> = nodes.iter().filter_map(library).collect();
    names::check_repeated("library", &libraries, reader);
    libraries
}

fn table_item(place: Span, node: &Node, reader: &mut Reader<'_>) -> Item {
    let construct = table(node, place, reader).map_or(Construct::Invalid(node.span), Construct::Table);
    Item { name: None, transparent: false, construct, span: place.to(node.span) }
}
