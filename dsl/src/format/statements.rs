//! What a spec says on its top level, in the order in which both syntaxes write it.

use std::ops::Range;

use super::origin::Origin;
use crate::source::Spanned;
use crate::tree::{Block, Defaults, Head, Item, LintLevel, Section, Spec, Value};

/// A statement of the text language, or the entries under a key of YAML.
pub(super) enum Statement<'a> {
    /// A word, and a text behind it.
    Text(&'static str, &'a Spanned<String>),
    /// A word, and a value behind it.
    Value(&'static str, &'a Spanned<Value>),
    Libraries(&'a [Spanned<String>]),
    Lint(&'a LintLevel),
    Default(&'a Defaults),
    Block(&'a Block),
    Head(&'a Head),
    /// A part of the trunk: its word, its items, and its place.
    Trunk(String, &'a [Item], Range<usize>),
    Outputs(&'a Spanned<Vec<Spanned<String>>>),
}

/// The statements of a whole spec.
pub(super) fn statements<'a>(spec: &'a Spec, origin: &Origin<'_>) -> Vec<Statement<'a>> {
    let Spec {
        version,
        network,
        input,
        classes,
        uses,
        defaults,
        lints,
        published,
        blocks,
        sections,
        outputs,
        unread: _,
    } = spec;
    let mut statements = Vec::new();
    for (word, text) in [("version", version), ("network", network)] {
        statements.extend(text.iter().map(|text| Statement::Text(word, text)));
    }
    for (word, value) in [("input", input), ("classes", classes)] {
        statements.extend(value.iter().map(|value| Statement::Value(word, value)));
    }
    statements.push(Statement::Libraries(uses));
    statements.extend(published.iter().map(|table| Statement::Text("published", table)));
    statements.extend(lints.iter().map(Statement::Lint));
    statements.extend(defaults.iter().map(Statement::Default));
    statements.extend(blocks.iter().map(Statement::Block));
    let mut words = origin.words.sections.iter();
    statements.extend(sections.iter().map(|section| match section {
        Section::Head(head) => Statement::Head(head),
        Section::Body(items) => {
            let (word, place) = words.next().cloned().unwrap_or_default();
            Statement::Trunk(word, items, place)
        }
    }));
    statements.extend(outputs.iter().map(Statement::Outputs));
    statements
}
