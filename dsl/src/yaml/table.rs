//! `table:`, rows of values that call blocks.

use super::construct::construct;
use super::fields::{fields, mapping, name, report_empty, sequence, value};
use super::node::{Kind, Node, Scalar};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::names;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::tree::{Construct, Row, RowContent, Table, Value};

/// Reads a table; `place` is the word `table`, where a missing key is reported.
pub(super) fn table(node: &Node, place: Span, reader: &mut Reader<'_>) -> Option<Table> {
    let fields = fields(node, ("a table", place), &["block", "prefix", "columns", "rows"], reader)?;
    // Everything is looked for before giving up, so that one run reports all that is missing.
    let prefix = fields.get("prefix").and_then(|node| name(node, "`prefix`", reader));
    let columns = fields.require("columns", reader).and_then(|node| columns(node, reader));
    let rows_call_their_own = columns.iter().flatten().any(|column| column.value == "block");
    let block = match fields.get("block") {
        None if rows_call_their_own => Some(None),
        None => fields.require("block", reader).map(|_| None),
        Some(node) => name(node, "`block`", reader).map(Some),
    };
    let names = columns.as_deref().unwrap_or_default();
    let rows = fields.require("rows", reader).and_then(|node| rows(node, names, reader));
    Some(Table { block: block?, prefix, columns: columns?, rows: rows? })
}

fn columns(node: &Node, reader: &mut Reader<'_>) -> Option<Vec<Spanned<String>>> {
    let nodes = sequence(node, "`columns`", reader)?;
    let columns: Vec<_> = nodes.iter().filter_map(|node| name(node, "a column", reader)).collect();
    names::check_repeated("column", &columns, reader);
    report_empty(nodes, "`columns`", node.span, reader);
    Some(columns)
}

fn rows(node: &Node, columns: &[Spanned<String>], reader: &mut Reader<'_>) -> Option<Vec<Row>> {
    let entries = mapping(node, "`rows`", reader)?;
    Some(entries.iter().map(|(name, node)| row(name, node, columns, reader)).collect())
}

/// A list is cells; anything else is a plain row. A row with a wrong cell keeps its name, which others may refer to.
fn row(name: &Spanned<String>, node: &Node, columns: &[Spanned<String>], reader: &mut Reader<'_>) -> Row {
    names::check(name, reader);
    let content = match &node.kind {
        Kind::Sequence(nodes) => {
            report_empty(nodes, "a row", node.span, reader);
            let mut cells = Vec::with_capacity(nodes.len());
            cells.extend(nodes.iter().filter_map(|node| cell(node, reader)));
            if cells.len() == nodes.len() {
                RowContent::Cells(cells)
            } else {
                RowContent::Plain(Box::new(Construct::Invalid(node.span)))
            }
        }
        Kind::Mapping(entries) if is_keyed(entries, columns) => {
            keyed(name, node, entries, columns, reader);
            RowContent::Plain(Box::new(Construct::Invalid(node.span)))
        }
        Kind::Scalar(_) | Kind::Mapping(_) | Kind::Empty | Kind::Refused => {
            RowContent::Plain(Box::new(construct(node, reader)))
        }
    };
    Row { name: name.clone(), content, span: name.span.to(node.span) }
}

fn cell(node: &Node, reader: &mut Reader<'_>) -> Option<Spanned<Value>> {
    let Some(gaps) = gaps(node, reader) else { return value(node, "a cell", reader) };
    let edits = gaps.into_iter().map(|span| Edit { span, replacement: ",".to_owned() }).collect();
    let diagnostic = Diagnostic::error(codes::SYNTAX, "several values stand in one cell");
    let suggestion = Suggestion { message: "put a comma between the cells".to_owned(), edits, is_safe: false };
    reader.report(diagnostic.at(node.span, "expected one value").suggest_all(suggestion));
    None
}

/// Where commas are missing between numbers that stand in one cell.
fn gaps(node: &Node, reader: &Reader<'_>) -> Option<Vec<Span>> {
    let Kind::Scalar(Scalar { text, plain: true, start: Some(start) }) = &node.kind else { return None };
    // Most cells are one number.
    if !text.contains(' ') {
        return None;
    }
    let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit() || first == '$');
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (_, before) = words.split_last().filter(|_| words.len() > 1 && words.iter().all(|word| is_number(word)))?;
    let mut end = 0;
    let gap = |word: &&str| {
        end += text[end..].find(word)? + word.len();
        Some(reader.span(start + end, start + end))
    };
    before.iter().map(gap).collect()
}

/// Whether a mapping gives cells by the names of columns.
fn is_keyed(entries: &[(Spanned<String>, Node)], columns: &[Spanned<String>]) -> bool {
    let is_cell = |(key, node): &(Spanned<String>, Node)| {
        columns.iter().any(|column| column == key) && matches!(node.kind, Kind::Scalar(_))
    };
    !entries.is_empty() && entries.iter().all(is_cell)
}

/// Reports a row whose cells are a mapping, and writes it as the list that it should be; `_` where a column is left out.
fn keyed(
    name: &Spanned<String>,
    node: &Node,
    entries: &[(Spanned<String>, Node)],
    columns: &[Spanned<String>],
    reader: &mut Reader<'_>,
) {
    let cell =
        |column: &Spanned<String>| match entries.iter().find(|(key, _)| key == column).map(|(_, node)| &node.kind) {
            Some(Kind::Scalar(scalar)) => scalar.text.clone(),
            _ => "_".to_owned(),
        };
    let cells: Vec<String> = columns.iter().map(cell).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let message = format!("row `{}` is a mapping, and its cells must be a list", name.value.escape_debug());
    let diagnostic = Diagnostic::error(codes::WRONG_FORM, message)
        .at(node.span, "expected a list, a cell for each column")
        .note(format!("columns: {}", names.join(", ")));
    reader.report(if entries.len() == columns.len() {
        diagnostic.fix("write the cells in the order of the columns", node.span, format!("[{}]", cells.join(", ")))
    } else {
        diagnostic.suggest("write the cells in the order of the columns", node.span, format!("[{}]", cells.join(", ")))
    });
}
