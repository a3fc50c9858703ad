//! The YAML form of a key layout.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{self, Diagnostic};
use googlenetc_dsl::source::{SourceId, Sources, Spanned};
use googlenetc_dsl::yaml::node::Node;

use super::pattern::{Pattern, Words};
use super::{Entry, Layout};
use crate::codes;
use crate::data::{check_version, mapping, missing_key, text, unknown_key, words};

const KEYS: [&str; 4] = ["version", "where", "counters", "keys"];

/// Reads the layout `id`; `None` when something in it is wrong. Messages are sorted by place.
pub fn read(sources: &Sources, id: SourceId) -> (Option<Layout>, Vec<Diagnostic>) {
    let (node, mut found) = googlenetc_dsl::yaml::read(sources, id);
    let layout = node.and_then(|node| layout(&node, &mut found));
    diagnostic::sort(&mut found);
    let is_right = !diagnostic::has_errors(&found);
    (layout.filter(|_| is_right), found)
}

fn layout(document: &Node, found: &mut Vec<Diagnostic>) -> Option<Layout> {
    let (mut words, mut counters, mut keys) = (Dictionaries::new(), None, None);
    for (key, node) in mapping(document, "a key layout", found)? {
        match key.value.as_str() {
            "version" => check_version(node, "key layouts", found),
            "where" => words = all_words(node, found),
            "counters" => counters = text(node, "`counters`", found),
            "keys" => keys = Some((key.span, node)),
            _ => found.push(unknown_key(key, "a key layout", &KEYS)),
        }
    }
    let Some((place, node)) = keys else {
        found.push(missing_key("a key layout", "keys", document.span));
        return None;
    };
    let values = words.iter().map(|(name, words)| (name.value.clone(), words.clone())).collect();
    let pairs = mapping(node, "`keys`", found)?;
    let entries: Vec<Entry> = pairs.iter().filter_map(|(ours, node)| entry(ours, node, &values, found)).collect();
    check_words(&words, &entries, found);
    Some(Layout { entries, counters, place })
}

fn entry(
    ours: &Spanned<String>,
    node: &Node,
    words: &BTreeMap<String, Words>,
    found: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let key = Pattern::read(&text(node, "a key", found)?, words);
    let pattern = Pattern::read(&ours.value, words);
    let known: Vec<&str> = pattern.placeholders().collect();
    for (index, name) in known.iter().enumerate() {
        if known[..index].contains(name) {
            found.push(
                Diagnostic::error(codes::DUPLICATE_NAME, format!("`${name}` stands twice in one pattern"))
                    .at(ours.span, "which of them would the key mean?"),
            );
        }
    }
    for name in key.placeholders().filter(|name| !known.contains(name)) {
        found.push(
            Diagnostic::error(codes::UNKNOWN_NAME, format!("`${name}` is not in the pattern"))
                .at(node.span, "cannot be filled in")
                .see(ours.span, "the pattern"),
        );
    }
    Some(Entry { ours: Spanned::new(pattern, ours.span), key })
}

/// The dictionaries of `where`, with the places of their names.
type Dictionaries = Vec<(Spanned<String>, Words)>;

fn all_words(node: &Node, found: &mut Vec<Diagnostic>) -> Dictionaries {
    let entries = mapping(node, "`where`", found).unwrap_or_default();
    entries.iter().map(|(name, node)| (name.clone(), words(node, found))).collect()
}

fn check_words(words: &Dictionaries, entries: &[Entry], found: &mut Vec<Diagnostic>) {
    for (name, _) in words {
        if !entries.iter().any(|entry| entry.ours.value.placeholders().any(|used| used == name.value)) {
            found.push(
                Diagnostic::error(codes::UNKNOWN_NAME, format!("no pattern has `${}`", name.value.escape_debug()))
                    .at(name.span, "used nowhere"),
            );
        }
    }
}
