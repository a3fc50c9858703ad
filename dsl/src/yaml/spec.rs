//! The top level of a spec.

use super::block::{blocks, defaults};
use super::construct::items;
use super::fields::{fields, mapping, name, piece, text, value};
use super::head::{heads, outputs};
use super::node::{Kind, Node};
use super::table::table;
use crate::expression;
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Item, LintLevel, Section, Spec};

const KEYS: [&str; 14] = [
    "version",
    "network",
    "input",
    "classes",
    "use",
    "published",
    "lints",
    "defaults",
    "blocks",
    "stem",
    "body",
    "table",
    "heads",
    "outputs",
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
            let fitting = names::fitting(&KEYS, node.kind.has_parts());
            spec.unread.extend(names::known_or_meant(&key.value, &fitting));
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
        "published" => spec.published = published(node, reader),
        "lints" => spec.lints = lints(node, reader),
        "defaults" => spec.defaults = defaults(node, reader),
        "blocks" => spec.blocks = blocks(node, reader),
        "stem" | "body" => {
            let items = items(node, reader);
            // What is neither has been reported, and is no part without layers.
            spec.sections.extend(node.kind.has_parts().then_some(Section::Body(items)));
        }
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
        reader.accept(expression::library(piece, "library"))
    };
    let libraries: Vec<_> = nodes.iter().filter_map(library).collect();
    names::check_repeated("library", &libraries, reader);
    libraries
}

/// Reads `published:`, the name or the path of a table.
fn published(node: &Node, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    let piece = piece(node, "`published`", "the name of a published table, or the path of a file", reader)?;
    reader.accept(expression::library(piece, "published table"))
}

/// Reads `lints:`, lints with their levels.
fn lints(node: &Node, reader: &mut Reader<'_>) -> Vec<LintLevel> {
    let entries = mapping(node, "`lints`", reader).unwrap_or_default();
    let level = |(lint, node): &(Spanned<String>, Node)| {
        names::check(lint, reader);
        Some(LintLevel { lint: lint.clone(), level: name(node, "the level of a lint", reader)? })
    };
    entries.iter().filter_map(level).collect()
}

fn table_item(place: Span, node: &Node, reader: &mut Reader<'_>) -> Item {
    let construct = table(node, place, reader).map_or(Construct::Invalid(node.span), Construct::Table);
    Item { name: None, transparent: false, construct, span: place.to(node.span) }
}
