//! Tables: every row of cells is a call of the table's block, with the columns `input` and `output` as assertions.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Spanned;
use googlenetc_dsl::tree::{Block, Row, RowContent, Table, Value};

use super::blocks::unknown_parameter;
use super::values::Resolved;
use super::{Lowerer, Named, Place};
use crate::codes;
use crate::network::{Direction, Group, Source};

/// The columns that assert instead of giving an argument.
const INPUT: &str = "input";
const OUTPUT: &str = "output";

/// What a row is called: rows of cells take the table's prefix, plain rows do not.
pub(super) fn name(table: &Table, row: &Row) -> Named {
    let label = row.name.value.clone();
    let prefix = match row.content {
        RowContent::Cells(_) => table.prefix.as_ref().map_or("", |prefix| &prefix.value),
        RowContent::Plain(_) => "",
    };
    Named { name: format!("{prefix}{label}"), label, span: row.name.span }
}

impl<'a> Lowerer<'a> {
    /// Reports what is wrong with a table as a whole, once rather than for each row.
    pub(super) fn check_table(&mut self, table: &'a Table) {
        let Some(name) = &table.block else { return };
        let Some(block) = self.find_block(&name.value) else {
            let Spanned { value: name, span } = name;
            let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no block `{name}`"))
                .at(*span, "unknown block")
                .did_you_mean(name, *span, self.block_names());
            self.report(diagnostic);
            return;
        };
        for column in &table.columns {
            if !is_column(block, column) {
                self.report(unknown_parameter(block, column).note("the columns `input` and `output` assert shapes"));
            }
        }
    }

    pub(super) fn row(
        &mut self,
        table: &'a Table,
        row: &'a Row,
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        match &row.content {
            RowContent::Plain(construct) => self.construct(construct, named, place, input),
            RowContent::Cells(cells) => self.cells(table, row, cells, named, place, input),
        }
    }

    fn cells(
        &mut self,
        table: &'a Table,
        row: &'a Row,
        cells: &'a [Spanned<Value>],
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        if cells.len() != table.columns.len() {
            self.wrong_count(table, row, cells.len());
            return self.unknown(named, place);
        }
        // Without its block, or with columns that mean nothing, a table has been reported as a whole.
        let Some(block) = table.block.as_ref().and_then(|name| self.find_block(&name.value)) else {
            return self.unknown(named, place);
        };
        let mut incomplete = !table.columns.iter().all(|column| is_column(block, column));
        let mut arguments = BTreeMap::new();
        let mut claims: Vec<(Direction, Resolved)> = Vec::new();
        for (column, cell) in table.columns.iter().zip(cells) {
            let resolved = match place.environment.resolve(cell) {
                Ok(resolved) => resolved,
                Err(diagnostic) => {
                    self.report(diagnostic);
                    incomplete = true;
                    continue;
                }
            };
            match column.value.as_str() {
                INPUT => claims.push((Direction::Input, resolved)),
                OUTPUT => claims.push((Direction::Output, resolved)),
                name => {
                    arguments.insert(name.to_owned(), resolved);
                }
            }
        }
        if incomplete {
            return self.unknown(named, place);
        }
        let label = Some(row.name.value.clone());
        let mut group = self.call(block, arguments, row.name.span, label, named, place, input);
        for (direction, resolved) in claims {
            let subject = if direction == Direction::Input { input } else { group.output };
            group.assertions.extend(self.asserted(&resolved, subject, direction));
        }
        group
    }

    fn wrong_count(&mut self, table: &Table, row: &Row, found: usize) {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.value.as_str()).collect();
        let message = format!("row `{}` has {found} cells, the table has {} columns", row.name.value, columns.len());
        self.report(
            Diagnostic::error(codes::ARGUMENTS, message)
                .at(row.span, format!("{} cells are needed", columns.len()))
                .note(format!("columns: {}", columns.join(", "))),
        );
    }
}

/// Whether a column gives an argument of the block, or asserts.
fn is_column(block: &Block, column: &Spanned<String>) -> bool {
    [INPUT, OUTPUT].contains(&column.value.as_str())
        || block.parameters.iter().any(|parameter| parameter.name.value == column.value)
}
