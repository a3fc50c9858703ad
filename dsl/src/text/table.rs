//! `table inception prefix=inception { ... }`.

use super::item::{construct, split_at_colon};
use super::statement::Statement;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expression::value;
use crate::grammar::{Rule, part, parts, read, text};
use crate::names;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::Spanned;
use crate::tree::{Construct, Row, RowContent, Table};

/// Reads a table: `header` is what follows the word `table`, `body` its columns and rows.
pub(super) fn table(header: Piece<'_>, body: &[Statement<'_>], reader: &mut Reader<'_>) -> Option<Table> {
    let names = block_and_prefix(header, reader);
    let Some((first, rows)) = body.split_first() else {
        let diagnostic = Diagnostic::error(codes::MISSING, "a table needs columns and rows");
        reader.report(diagnostic.at(header.span, "an empty table"));
        return None;
    };
    let columns = columns(first.head, reader);
    let rows: Vec<Row> = rows.iter().map(|statement| row(statement, reader)).collect();
    names::check_repeated("row", rows.iter().map(|row| &row.name), reader);
    let ((block, prefix), columns) = names.zip(columns)?;
    if block.is_none() && !columns.iter().any(|column| column.value == "block") {
        let diagnostic = Diagnostic::error(codes::MISSING, "a table needs the block that its rows call");
        let place = header.span.ending_at(header.span.start());
        reader.report(diagnostic.at(place, "expected a name").help("name it here, or give the table a column `block`"));
        return None;
    }
    Some(Table { block, prefix, columns, rows })
}

type Name = Option<Spanned<String>>;

fn block_and_prefix(header: Piece<'_>, reader: &mut Reader<'_>) -> Option<(Name, Name)> {
    let reading = read(Rule::table_header, header, "header of a table");
    let pair = reader.accept(reading)?;
    let mut prefix = None;
    for named in parts(&pair, Rule::named) {
        let (key, value) = part(&named, Rule::key).zip(part(&named, Rule::value))?;
        let key = text(&key, header);
        if key.value == "prefix" {
            let name = text(&value, header);
            names::check(&name, reader);
            prefix = Some(name);
            continue;
        }
        reader.report(names::unknown("a table has no key", &key, &["prefix"]));
    }
    Some((part(&pair, Rule::name).map(|name| text(&name, header)), prefix))
}

fn columns(head: Piece<'_>, reader: &mut Reader<'_>) -> Option<Vec<Spanned<String>>> {
    let reading = read(Rule::columns, head, "line of columns");
    let pair = reader.accept(reading)?;
    let columns: Vec<_> = parts(&pair, Rule::name).map(|name| text(&name, head)).collect();
    names::check_repeated("column", &columns, reader);
    Some(columns)
}

/// A colon behind the name makes a plain row. A row with a wrong cell keeps its name, which others may refer to.
fn row(statement: &Statement<'_>, reader: &mut Reader<'_>) -> Row {
    let (name, content) = if let (Some(label), rest) = split_at_colon(statement.head) {
        let construct = construct(rest, statement, reader);
        report_unnamed(&construct, reader);
        (label, RowContent::Plain(Box::new(construct)))
    } else {
        let head = statement.head;
        let end = head.text.find(|character: char| character.is_whitespace() || character == '|');
        let end = end.unwrap_or(head.text.len());
        let content = cells(head.part(end, head.text.len()), statement, reader);
        (head.part(0, end), content.unwrap_or(RowContent::Plain(Box::new(Construct::Invalid(statement.span)))))
    };
    let name = Spanned::new(name.text.to_owned(), name.span);
    names::check(&name, reader);
    Row { name, content, span: statement.span }
}

/// In YAML a list is a row of cells, so that a plain row is a mapping.
fn report_unnamed(construct: &Construct, reader: &mut Reader<'_>) {
    let Construct::Sequence(items) = construct else { return };
    if let Some(item) = items.iter().find(|item| item.name.is_none()) {
        let diagnostic = Diagnostic::error(codes::MISSING, "in the braces of a row every layer needs a name");
        reader.report(diagnostic.at(item.span, "a layer without one").help("write `name: layer`"));
    }
}

fn cells(cells: Piece<'_>, statement: &Statement<'_>, reader: &mut Reader<'_>) -> Option<RowContent> {
    if statement.body.is_some() {
        let diagnostic = Diagnostic::error(codes::SYNTAX, "nothing in braces can follow a row of cells");
        reader.report(diagnostic.at(statement.head.span, "expected `name:` before the brace"));
        return None;
    }
    let reading = read(Rule::cells, cells, "row");
    let pair = reader.accept(reading)?;
    Some(RowContent::Cells(parts(&pair, Rule::value).map(|cell| value(&cell, cells)).collect()))
}
