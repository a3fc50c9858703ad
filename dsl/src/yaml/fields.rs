//! Mappings whose keys are fixed, and lists and texts where nothing else will do.

use super::node::{Kind, Node};
use crate::characters::is_hidden;
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::expression;
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::Value;

/// The entries of a mapping whose keys are fixed.
pub(super) struct Fields<'n> {
    entries: &'n [(Spanned<String>, Node)],
    /// What messages call the mapping, and where it is named.
    what: &'n str,
    place: Span,
    /// Whether the first layer alone stands under `layers`, and the others behind it.
    is_cut_off: bool,
}

/// Takes `node` as a mapping with `known` keys; reports anything else. `place` is what a missing key is reported at.
pub(super) fn fields<'n>(
    node: &'n Node,
    (what, place): (&'n str, Span),
    known: &[&str],
    reader: &mut Reader<'_>,
) -> Option<Fields<'n>> {
    let entries = mapping(node, what, reader)?;
    let behind = behind_layers(entries, known);
    if let Some(span) = behind {
        reader.report(without_brackets(span, reader));
    }
    let is_behind =
        |key: &Spanned<String>| behind.is_some_and(|span| (span.start()..span.end()).contains(&key.span.start()));
    for (key, node) in entries.iter().filter(|(key, _)| !known.contains(&key.value.as_str()) && !is_behind(key)) {
        reader.report_at(key.span, || {
            let fitting = names::fitting(known, node.kind.has_parts());
            names::unknown_among(&format!("{what} has no key"), key, known, &fitting)
        });
    }
    note_words(entries, reader);
    Some(Fields { entries, what, place, is_cut_off: behind.is_some() })
}

/// The place of all layers in `{layers: conv 1x1 8, relu}`, where each comma begins a key without a value.
fn behind_layers(entries: &[(Spanned<String>, Node)], known: &[&str]) -> Option<Span> {
    let mut from_layers = entries.iter().skip_while(|(key, _)| key.value != "layers");
    let (_, first) = from_layers.next()?;
    let is_layer = |(key, node): &&(Spanned<String>, Node)| {
        matches!(node.kind, Kind::Empty) && !known.contains(&key.value.as_str())
    };
    let (last, _) = from_layers.take_while(is_layer).last()?;
    Some(first.span.to(last.span))
}

/// The message that layers need brackets around them.
fn without_brackets(span: Span, reader: &Reader<'_>) -> Diagnostic {
    let edit = |at: usize, text: &str| Edit { span: reader.span(at, at), replacement: text.to_owned() };
    let edits = vec![edit(span.start(), "["), edit(span.end(), "]")];
    Diagnostic::error(codes::WRONG_FORM, "layers that follow each other must be a list")
        .at(span, "expected a list")
        .suggest_all(Suggestion { message: "put brackets around them".to_owned(), edits, is_safe: true })
}

/// Notes where the keys of a mapping stand, which are words of the language.
pub(super) fn note_words(entries: &[(Spanned<String>, Node)], reader: &mut Reader<'_>) {
    for (key, node) in entries {
        reader.words.add(&key.value, key.span.to(node.span));
    }
}

impl<'n> Fields<'n> {
    /// All entries, in file order.
    pub(super) fn entries(&self) -> &'n [(Spanned<String>, Node)] {
        self.entries
    }

    /// Whether the layers are not all where they belong, which has been reported.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// The value of `key`, which must be there. A key that looks like it has been reported already, and is enough.
    pub(super) fn require(&self, key: &str, reader: &mut Reader<'_>) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() && !self.entries.iter().any(|(name, _)| names::meant(&name.value, &[key]).is_some()) {
            let message = format!("{} needs the key `{key}`", self.what);
            reader.report(Diagnostic::error(codes::MISSING, message).at(self.place, format!("`{key}` is missing")));
        }
        found
    }
}

/// Reports that `node` is not what belongs there.
pub(super) fn wrong_form(node: &Node, what: &str, expected: &str, reader: &mut Reader<'_>) {
    if !matches!(node.kind, Kind::Refused) {
        let message = format!("{what} must be {expected}, and this is {}", node.kind.name());
        reader.report(Diagnostic::error(codes::WRONG_FORM, message).at(node.span, format!("expected {expected}")));
    }
}

/// Reports that `node` is not what belongs there, and what to do.
pub(super) fn wrong_form_with(node: &Node, (what, expected): (&str, &str), help: &str, reader: &mut Reader<'_>) {
    let message = format!("{what} must be {expected}, and this is {}", node.kind.name());
    let diagnostic = Diagnostic::error(codes::WRONG_FORM, message).at(node.span, format!("expected {expected}"));
    reader.report(diagnostic.help(help));
}

/// Takes `node` as a mapping.
pub(super) fn mapping<'n>(
    node: &'n Node,
    what: &str,
    reader: &mut Reader<'_>,
) -> Option<&'n [(Spanned<String>, Node)]> {
    if let Kind::Mapping(entries) = &node.kind {
        return Some(entries);
    }
    wrong_form(node, what, "a mapping", reader);
    None
}

/// Takes `node` as a list.
pub(super) fn sequence<'n>(node: &'n Node, what: &str, reader: &mut Reader<'_>) -> Option<&'n [Node]> {
    if let Kind::Sequence(nodes) = &node.kind {
        return Some(nodes);
    }
    wrong_form(node, what, "a list", reader);
    None
}

/// Reports a list with nothing in it where there must be something.
pub(super) fn report_empty(nodes: &[Node], what: &str, span: Span, reader: &mut Reader<'_>) {
    if nodes.is_empty() {
        let diagnostic = Diagnostic::error(codes::MISSING, format!("{what} cannot be an empty list"));
        reader.report(diagnostic.at(span, "nothing in it"));
    }
}

/// Takes `node` as a text to be read further; `expected` says what it should hold.
pub(super) fn piece<'p, 'a: 'p>(
    node: &'p Node,
    what: &str,
    expected: &str,
    reader: &mut Reader<'a>,
) -> Option<Piece<'p>> {
    if let Kind::Scalar(scalar) = &node.kind {
        return Some(scalar.piece(node.span, reader));
    }
    wrong_form(node, what, expected, reader);
    None
}

/// Takes `node` as a text, of characters that one can see.
pub(super) fn text(node: &Node, what: &str, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    if let Kind::Scalar(scalar) = &node.kind {
        if let Some(character) = scalar.text.chars().find(|&character| character.is_control() || is_hidden(character)) {
            let message = format!("{what} cannot hold the character U+{:04X}", u32::from(character));
            reader.report(
                Diagnostic::error(codes::CONTROL_CHARACTER, message)
                    .at(node.span, "written as an escape, or as a line's end"),
            );
        }
        return Some(Spanned::new(scalar.text.clone(), scalar.piece(node.span, reader).span));
    }
    wrong_form(node, what, "a text", reader);
    None
}

/// Takes `node` as a name.
pub(super) fn name(node: &Node, what: &str, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    let name = text(node, what, reader)?;
    names::check(&name, reader);
    Some(name)
}

/// Takes `node` as one value, such as `3x224x224` or `$n1x1`.
pub(super) fn value(node: &Node, what: &str, reader: &mut Reader<'_>) -> Option<Spanned<Value>> {
    const EXPECTED: &str = "one value, with numbers joined by `x`";
    if let Some(joined) = joined(node) {
        let message = format!("{what} must be {EXPECTED}, and this is a list");
        let diagnostic = Diagnostic::error(codes::WRONG_FORM, message).at(node.span, format!("expected {EXPECTED}"));
        reader.report(diagnostic.fix(format!("write `{joined}`"), node.span, joined));
        return None;
    }
    let reading = expression::lone_value(piece(node, what, EXPECTED, reader)?, "value");
    reader.accept(reading)
}

/// The numbers of a list, as other tools write a shape, `[3, 224, 224]`, joined as they are here.
fn joined(node: &Node) -> Option<String> {
    let Kind::Sequence(nodes) = &node.kind else { return None };
    let number = |node: &Node| match &node.kind {
        Kind::Scalar(scalar) if !scalar.text.is_empty() && scalar.text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(scalar.text.clone())
        }
        Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_) | Kind::Empty | Kind::Refused => None,
    };
    let numbers: Vec<String> = nodes.iter().map(number).collect::<Option<_>>()?;
    (2..=4).contains(&numbers.len()).then(|| numbers.join("x"))
}
