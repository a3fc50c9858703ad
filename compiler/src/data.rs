//! What the readers of data files share: key layouts, published tables, presentations. They are YAML, read with places.

use std::collections::BTreeMap;

use googlenetc_dsl::codes as syntax;
use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::yaml::node::{Kind, Node};

use crate::codes;

/// A key and what stands behind it.
pub(crate) type Entry = (Spanned<String>, Node);

/// The entries of a mapping.
pub(crate) fn mapping<'n>(node: &'n Node, what: &str, found: &mut Vec<Diagnostic>) -> Option<&'n [Entry]> {
    match &node.kind {
        Kind::Mapping(entries) => return Some(entries),
        // Reported where it was read.
        Kind::Refused => {}
        Kind::Scalar(_) | Kind::Sequence(_) | Kind::Empty => found.push(wrong_form(node, what, "a mapping")),
    }
    None
}

/// The items of a list.
pub(crate) fn list<'n>(node: &'n Node, what: &str, found: &mut Vec<Diagnostic>) -> Option<&'n [Node]> {
    match &node.kind {
        Kind::Sequence(nodes) => return Some(nodes),
        Kind::Refused => {}
        Kind::Scalar(_) | Kind::Mapping(_) | Kind::Empty => found.push(wrong_form(node, what, "a list")),
    }
    None
}

/// A text, as written.
pub(crate) fn text(node: &Node, what: &str, found: &mut Vec<Diagnostic>) -> Option<String> {
    match &node.kind {
        Kind::Scalar(scalar) => return Some(scalar.text.clone()),
        Kind::Refused => {}
        Kind::Mapping(_) | Kind::Sequence(_) | Kind::Empty => found.push(wrong_form(node, what, "a text")),
    }
    None
}

/// A number, at least 0.
pub(crate) fn number(node: &Node, what: &str, found: &mut Vec<Diagnostic>) -> Option<f64> {
    let text = text(node, what, found)?;
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    if number.is_none() {
        let message = format!("{what} must be a number, and this is `{}`", text.escape_debug());
        found.push(Diagnostic::error(codes::WRONG_VALUE, message).at(node.span, "expected a number"));
    }
    number
}

/// A list of texts.
pub(crate) fn texts(node: &Node, what: &str, found: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let nodes = list(node, what, found)?;
    Some(nodes.iter().filter_map(|node| text(node, what, found)).collect())
}

/// Takes `node` as words and what stands for them: a mapping, or a list of words that stay as they are.
pub(crate) fn words(node: &Node, found: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    if let Kind::Sequence(_) = node.kind {
        let same = texts(node, "words", found).unwrap_or_default();
        return same.into_iter().map(|word| (word.clone(), word)).collect();
    }
    let entries = mapping(node, "words", found).unwrap_or_default();
    entries.iter().filter_map(|(word, node)| Some((word.value.clone(), text(node, "a word", found)?))).collect()
}

/// Reports that only version 1 of this kind of file is known, when it says another.
pub(crate) fn check_version(node: &Node, what: &str, found: &mut Vec<Diagnostic>) {
    if text(node, "`version`", found).is_some_and(|version| version != "1") {
        let message = format!("only version 1 of {what} is known");
        found.push(Diagnostic::error(codes::VERSION, message).at(node.span, "another version"));
    }
}

/// A key that this kind of file does not have.
pub(crate) fn unknown_key(key: &Spanned<String>, what: &str, known: &[&str]) -> Diagnostic {
    let name = &key.value;
    Diagnostic::error(syntax::UNKNOWN, format!("{what} has no key `{}`", name.escape_debug()))
        .at(key.span, "unknown key")
        .did_you_mean(name, key.span, known.iter().copied())
}

/// A key that this kind of file must have.
pub(crate) fn missing_key(what: &str, key: &str, place: Span) -> Diagnostic {
    Diagnostic::error(syntax::MISSING, format!("{what} needs `{key}`")).at(place, "has none")
}

fn wrong_form(node: &Node, what: &str, wanted: &str) -> Diagnostic {
    let message = format!("{what} must be {wanted}, and this is {}", node.kind.name());
    Diagnostic::error(syntax::WRONG_FORM, message).at(node.span, format!("expected {wanted}"))
}
