//! Tables: every row of cells is a call of a block: the row's own, or else the table's. The columns `input` and `output`
//! assert, the column `block` names the row's own block, and all others give arguments.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Block, Row, RowContent, Table, Value};

use super::blocks::{enumerate, signature, unknown_parameter};
use super::values::{NoValue, Resolved, ResolvedValue};
use super::{Lowerer, Named, Place};
use crate::codes;
use crate::network::{Direction, Group};

/// The columns that assert instead of giving an argument.
const INPUT: &str = "input";
const OUTPUT: &str = "output";
/// The column that names a row's own block.
const BLOCK: &str = "block";

/// What a row is called: rows of cells take the table's prefix, plain rows do not.
pub(super) fn name(table: &Table, row: &Row) -> Named {
    let label = row.name.value.clone();
    let prefix = match row.content {
        RowContent::Cells(_) => table.prefix.as_ref().map_or("", |prefix| &prefix.value),
        RowContent::Plain(_) => "",
    };
    Named { name: format!("{prefix}{label}"), label, transparent: false, span: row.name.span }
}

impl<'a> Lowerer<'a> {
    /// Reports what is wrong with a table as a whole, once rather than for each row.
    pub(super) fn check_table(&mut self, table: &Table) {
        let mut blocks: Vec<&Block> = Vec::new();
        if let Some(name) = &table.block {
            let Some(block) = self.find_block(&name.value) else { return self.unknown_block(&name.value, name.span) };
            blocks.push(block);
        }
        // Rows that name blocks of their own need columns that the table's block does not have.
        let words: BTreeSet<&str> = own_blocks(table).collect();
        blocks.extend(words.into_iter().filter_map(|word| self.find_block(word)));
        let Some(first) = blocks.first() else { return };
        for column in &table.columns {
            if !is_reserved(column) && !blocks.iter().any(|block| self.has_parameter(block, &column.value)) {
                self.bad_columns.insert(column.span);
                let note = "the columns `input` and `output` assert shapes, and `block` names a row's own block";
                self.report(unknown_parameter(first, column).note(note));
            }
        }
    }

    pub(super) fn row(&mut self, table: &Table, row: &Row, named: Named, place: Place<'_>) -> Option<Group> {
        match &row.content {
            RowContent::Plain(construct) => self.construct(construct, named, place),
            RowContent::Cells(cells) => self.cells(table, row, cells, named, place),
        }
    }

    fn cells(
        &mut self,
        table: &Table,
        row: &Row,
        cells: &[Spanned<Value>],
        named: Named,
        place: Place<'_>,
    ) -> Option<Group> {
        if self.has_said_enough() {
            return Some(self.unknown(named, place));
        }
        if cells.len() != table.columns.len() {
            self.wrong_count(table, row, cells);
            return Some(self.unknown(named, place));
        }
        let Some(block) = self.block_of(table, row, cells, place) else { return Some(self.unknown(named, place)) };
        let mut incomplete = false;
        let mut arguments = BTreeMap::new();
        let mut claims: Vec<(Direction, Resolved)> = Vec::new();
        for (column, cell) in table.columns.iter().zip(cells) {
            let resolved = match place.environment.resolve(cell) {
                Ok(resolved) => resolved,
                Err(NoValue::Empty) => Resolved::empty(cell.span),
                Err(reason) => {
                    self.refuse(reason);
                    incomplete = true;
                    continue;
                }
            };
            match column.value.as_str() {
                BLOCK => {}
                INPUT => claims.push((Direction::Input, resolved)),
                OUTPUT => claims.push((Direction::Output, resolved)),
                name if self.has_parameter(block, name) => _ = arguments.insert(name.to_owned(), resolved),
                _ if resolved.is_empty() => {}
                _ => {
                    self.not_of_this_block(block, column, cell.span);
                    incomplete = true;
                }
            }
        }
        if incomplete {
            return Some(self.unknown(named, place));
        }
        let label = Some(row.name.value.clone());
        let mut group = self.call(block, arguments, row.name.span, label, named, place)?;
        for (direction, resolved) in claims.into_iter().filter(|(_, resolved)| !resolved.is_empty()) {
            let subject = if direction == Direction::Input { place.input } else { group.output };
            group.assertions.extend(self.asserted(&resolved, subject, direction));
        }
        group.assertions.shrink_to_fit();
        Some(group)
    }

    /// The block that a row calls. `None` when there is none, which has been reported.
    fn block_of(&mut self, table: &Table, row: &Row, cells: &[Spanned<Value>], place: Place<'_>) -> Option<&'a Block> {
        let own = table.columns.iter().zip(cells).find(|(column, _)| column.value == BLOCK).map(|(_, cell)| cell);
        let own = own.map(|cell| place.environment.resolve(cell)).transpose();
        let own = match own {
            Ok(own) => own.filter(|own| !own.is_empty()),
            Err(NoValue::Empty) => None,
            Err(reason) => {
                self.refuse(reason);
                return None;
            }
        };
        let Some(own) = own else {
            let Some(name) = &table.block else {
                let message = format!("row `{}` names no block, and neither does the table", row.name.value);
                let help = "name it in the column `block`, or say `block` for the whole table";
                self.report(Diagnostic::error(codes::MISSING, message).at(row.span, "which block?").help(help));
                return None;
            };
            // An unknown block has been reported for the table as a whole.
            return self.find_block(&name.value);
        };
        match &own.value {
            ResolvedValue::Word(word) => {
                let block = self.find_block(word);
                if block.is_none() {
                    self.unknown_block(word, own.span);
                }
                block
            }
            ResolvedValue::Numbers { .. } => {
                let message = format!("the column `block` needs the name of a block, not `{}`", own.text());
                self.report(Diagnostic::error(codes::WRONG_VALUE, message).at(own.span, "not a name"));
                None
            }
        }
    }

    fn not_of_this_block(&mut self, block: &Block, column: &Spanned<String>, cell: Span) {
        if self.bad_columns.contains(&column.span) {
            return;
        }
        let message = format!("{} has no parameter `{}`", signature(block), column.value);
        self.report(
            Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message)
                .at(cell, "belongs to another block's column")
                .see(block.name.span, "this row calls this block")
                .help("write `_` in columns that a row's block does not have"),
        );
    }

    fn unknown_block(&mut self, name: &str, span: Span) {
        if !self.complete || self.has_said_enough() {
            return;
        }
        let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no block `{name}`"))
            .at(span, "unknown block")
            .did_you_mean(name, span, self.block_names());
        self.report(diagnostic);
    }

    /// A row that is too short or too long; which cell stands in which column shows where it slipped.
    fn wrong_count(&mut self, table: &Table, row: &Row, cells: &[Spanned<Value>]) {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.value.as_str()).collect();
        let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let (found, needed) = (count(cells.len(), "cell"), count(columns.len(), "column"));
        let message = format!("row `{}` has {found}, the table has {needed}", row.name.value);
        let mut diagnostic = Diagnostic::error(codes::ARGUMENTS, message);
        diagnostic = match cells.get(columns.len()..) {
            Some([first, .., last]) => diagnostic.at(first.span.to(last.span), "too many"),
            Some([extra]) => diagnostic.at(extra.span, "one too many"),
            Some([]) | None => {
                diagnostic.at(row.span, format!("lacks {}", enumerate(columns.get(cells.len()..).unwrap_or_default())))
            }
        };
        let written: Vec<String> =
            columns.iter().zip(cells).map(|(column, cell)| format!("{column} {}", cell.value)).collect();
        self.report(
            diagnostic
                .note(format!("columns: {}", enumerate(&columns)))
                .note(format!("it reads as {}", enumerate(&written.iter().map(String::as_str).collect::<Vec<_>>()))),
        );
    }
}

/// The words in the column `block`.
fn own_blocks(table: &Table) -> impl Iterator<Item = &str> {
    let index = table.columns.iter().position(|column| column.value == BLOCK);
    table.rows.iter().filter_map(move |row| match (&row.content, index) {
        (RowContent::Cells(cells), Some(index)) => match &cells.get(index)?.value {
            Value::Word(word) => Some(word.as_str()),
            Value::Extents { .. } => None,
        },
        (RowContent::Cells(_) | RowContent::Plain(_), _) => None,
    })
}

/// Whether a column means something in every table.
fn is_reserved(column: &Spanned<String>) -> bool {
    [INPUT, OUTPUT, BLOCK].contains(&column.value.as_str())
}
