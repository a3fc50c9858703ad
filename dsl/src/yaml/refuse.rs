//! Messages for what is not YAML, and for the parts of YAML that a spec has no use for.

use granit_parser::{ErrorKind, ScanError};

use super::node::Node;
use crate::characters::is_hidden;
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::limits::MOST_PARTS;
use crate::reader::Reader;
use crate::source::Span;

/// More lines than one suggestion shows.
const MOST_TABS: usize = 20;

/// Text that the YAML parser cannot read on from.
pub(super) fn unreadable(error: &ScanError, reader: &mut Reader<'_>) {
    let mut start = error.marker().byte_offset().unwrap_or(reader.text.len()).min(reader.text.len());
    while !reader.text.is_char_boundary(start) {
        start -= 1;
    }
    // A tab is reported where it has been passed.
    if reader.text[..start].ends_with('\t') && !reader.text[start..].starts_with('\t') {
        start -= 1;
    }
    if let Some(tab) = tab_below(error.kind(), start, reader) {
        start = tab;
    }
    let character = reader.text[start..].chars().next();
    // Already reported, for the whole file.
    if character.is_some_and(is_hidden) {
        return;
    }
    let span = reader.span(start, start + character.filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8));
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        too_deep(true, span, reader);
        return;
    }
    let (label, help) = words(error.kind());
    let label = if label.is_empty() { error.info() } else { label.to_owned() };
    let diagnostic = Diagnostic::error(codes::YAML, "this is not YAML that can be read").at(span, label);
    let mends = [tabs(character, start, reader), comma(error.kind(), start, reader), colon(character, start, reader)];
    reader.report(match mends.into_iter().flatten().next() {
        Some(mend) => diagnostic.suggest_all(mend),
        None if help.is_empty() => diagnostic,
        None => diagnostic.help(help),
    });
}

/// The tab that indents the next line, where the parser blames the text of the line before it.
fn tab_below(kind: &ErrorKind, start: usize, reader: &Reader<'_>) -> Option<usize> {
    if words(kind).0 != words(&ErrorKind::TabInPlainScalar).0 || reader.text[start..].starts_with('\t') {
        return None;
    }
    let next = start + reader.text[start..].find('\n')? + 1;
    // Lines with nothing in them do not end the text.
    let below = &reader.text[next..];
    let indentation = &below[..below.len() - below.trim_start().len()];
    let line = indentation.rfind('\n').map_or(0, |newline| newline + 1);
    Some(next + line + indentation[line..].find('\t')?)
}

/// Blanks for tabs: two for each, in the line at `start` and in those that follow it and begin with tabs too.
fn tabs(character: Option<char>, start: usize, reader: &Reader<'_>) -> Option<Suggestion> {
    if character != Some('\t') {
        return None;
    }
    let mut place = reader.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut edits = Vec::new();
    for line in reader.text[place..].split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tabs = line[..indentation].matches('\t').count();
        let is_empty = line.trim().is_empty();
        if tabs == 0 && !is_empty || edits.len() >= MOST_TABS {
            break;
        }
        if tabs > 0 && !is_empty {
            let replacement = line[..indentation].replace('\t', "  ");
            edits.push(Edit { span: reader.span(place, place + indentation), replacement });
        }
        place += line.len();
    }
    (!edits.is_empty()).then(|| Suggestion { message: "indent with blanks".to_owned(), edits, is_safe: false })
}

/// The comma that is missing before a key of a mapping in braces. An attribute of a layer is none.
fn comma(kind: &ErrorKind, start: usize, reader: &Reader<'_>) -> Option<Suggestion> {
    const KEYS: [&str; 11] =
        ["from", "weight", "when", "declared", "layers", "block", "prefix", "columns", "rows", "concat", "parameters"];
    let before = reader.text[..start].trim_end();
    let (rest, key) = before.rsplit_once(' ')?;
    if !matches!(kind, ErrorKind::ExpectedFlowMappingSeparator) || !KEYS.contains(&key) {
        return None;
    }
    let gap = rest.trim_end().len();
    let edits = vec![Edit { span: reader.span(gap, gap), replacement: ",".to_owned() }];
    Some(Suggestion { message: format!("put a comma before `{key}`"), edits, is_safe: false })
}

/// `key=value` for the `key: value` of other tools, in a line that has said `name: layer` already.
fn colon(character: Option<char>, start: usize, reader: &Reader<'_>) -> Option<Suggestion> {
    if character != Some(':') {
        return None;
    }
    let line = reader.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let (name, layer) = reader.text[line..start].split_once(": ")?;
    let key = layer.rsplit(' ').next().filter(|key| *key != layer)?;
    let is_key = key.starts_with(|character: char| character.is_ascii_alphabetic());
    if name.contains(['"', '\''])
        || !is_key
        || !key.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    {
        return None;
    }
    let after = &reader.text[start + 1..];
    let blanks = after.len() - after.trim_start_matches(' ').len();
    let edits = vec![Edit { span: reader.span(start, start + 1 + blanks), replacement: "=".to_owned() }];
    let message = "an attribute of a layer is written `key=value`".to_owned();
    Some(Suggestion { message, edits, is_safe: false })
}

/// The parser's error in words for somebody who writes a spec, and what to do; empty where the parser's own will do.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is open, and the parser's own words serve for the rest")]
fn words(kind: &ErrorKind) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace => ("a tab cannot indent here", "indent with blanks"),
        ErrorKind::UnexpectedEofFlowSequence | ErrorKind::UnclosedFlowCollection { open: '[' } => {
            ("this list is not closed", "close it with `]`")
        }
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnclosedFlowCollection { .. } => {
            ("this mapping is not closed", "close it with `}`")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            ("expected `,` or `]`", "is a comma or a bracket missing before this?")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            ("expected `,` or `}`", "is a comma or a brace missing before this?")
        }
        ErrorKind::SimpleKeyExpected => {
            ("expected a key and a colon", "write `key: value`, with a blank after the colon")
        }
        ErrorKind::MappingValueNotAllowed => (
            "a colon cannot stand here",
            "is this line indented like its neighbours, and is every text with a colon in quotes?",
        ),
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => {
            ("this line's indentation fits no line above", "indent it like the lines that it belongs to")
        }
        ErrorKind::InvalidColonPlacement => {
            ("a colon cannot stand here", "is a bracket of the lines above not closed?")
        }
        ErrorKind::UnclosedQuotedScalar => ("this quote is not closed", "close it"),
        _ => ("", ""),
    }
}

/// Nesting that nobody could follow. `None` where it is `too_deep`, and then reading stops.
pub(super) fn too_deep(too_deep: bool, span: Span, reader: &mut Reader<'_>) -> Option<()> {
    if too_deep {
        reader.report(Diagnostic::error(codes::TOO_DEEP, "nested more than 64 deep").at(span, "one too many"));
    }
    (!too_deep).then_some(())
}

/// More values than any spec has. `None` where there are `too_many`, and then reading stops.
pub(super) fn too_many(too_many: bool, span: Span, reader: &mut Reader<'_>) -> Option<()> {
    if too_many {
        let message = format!("more than {MOST_PARTS} values, lists and mappings, which no spec has");
        reader.report(Diagnostic::error(codes::TOO_LARGE, message).at(span, "one too many"));
    }
    (!too_many).then_some(())
}

/// `!tag`.
pub(super) fn tag(tag: &str, span: Span, reader: &mut Reader<'_>) {
    let message = format!("the tag `{}` means nothing in a spec", tag.escape_debug());
    reader.report(Diagnostic::error(codes::TAG, message).at(span, "").help("remove it"));
}

/// `&name`.
pub(super) fn anchor(name: &str, span: Span, reader: &mut Reader<'_>) {
    let message = format!("the anchor `&{}`: specs have no anchors", name.escape_debug());
    reader.report(Diagnostic::error(codes::REFERENCE, message).at(span, "").help(BLOCKS));
}

/// `*name`.
pub(super) fn alias(span: Span, reader: &mut Reader<'_>) {
    reader.report(Diagnostic::error(codes::REFERENCE, "an alias: specs have no aliases").at(span, "").help(BLOCKS));
}

/// `<<: ...`.
pub(super) fn merge(span: Span, reader: &mut Reader<'_>) {
    reader.report(Diagnostic::error(codes::REFERENCE, "a merge key: specs have none").at(span, "").help(BLOCKS));
}

const BLOCKS: &str = "to write something once and use it twice, make it a block under `blocks:`";

/// A second document in the file.
pub(super) fn second_document(span: Span, reader: &mut Reader<'_>) {
    let diagnostic = Diagnostic::error(codes::SECOND_DOCUMENT, "a second document starts here")
        .at(span, "everything from here on is not read")
        .help("a file holds one spec: put the second into a file of its own");
    reader.report(diagnostic);
}

/// A key that is a list, a mapping or nothing.
pub(super) fn key(node: &Node, reader: &mut Reader<'_>) {
    let message = format!("a key must be a name, and this is {}", node.kind.name());
    reader.report(Diagnostic::error(codes::WRONG_FORM, message).at(node.span, ""));
}
