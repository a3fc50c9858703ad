//! How large a network may become: blocks and repeats multiply what a small file says.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Block, Construct, Item, Row, RowContent};

use super::Lowerer;
use crate::codes;
use crate::network::Operation;

/// More operations, and more calls of blocks and copies, than any network has; a spec whose blocks multiply beyond that is
/// refused instead of filling memory.
///
/// A fuzzer would only wait for large ones.
const MOST_OPERATIONS: usize = if cfg!(fuzzing) { 2000 } else { 120_000 };

/// More memory than any network takes as it is lowered, in bytes: names and arguments of any length can be said again and again.
const MOST_MEMORY: usize = 136 << 20;

/// What is noted of an operation's variables, in bytes, about: a weight and a bias.
const VARIABLES: usize = 200;

/// What an item of the tree takes, and each of its arguments, in bytes, about.
const ITEM: usize = 200;

/// What the tree of the blocks takes, in bytes, about. They stay while the network grows; the trunk does not.
pub(super) fn size_of_blocks(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| size_of::<Block>() + size_of_construct(&block.body)).sum()
}

fn size_of_construct(construct: &Construct) -> usize {
    let items = |items: &[Item]| items.iter().map(|item| ITEM + size_of_construct(&item.construct)).sum();
    match construct {
        Construct::Expression(expression) => ITEM * expression.arguments.len(),
        Construct::Sequence(list) | Construct::Concat(list) | Construct::Add(list) => items(list),
        Construct::Repeat(repeat) => items(&repeat.items),
        Construct::Table(table) => table.rows.iter().map(size_of_row).sum(),
        Construct::Invalid(_) => 0,
    }
}

fn size_of_row(row: &Row) -> usize {
    ITEM + match &row.content {
        RowContent::Cells(cells) => ITEM * cells.len(),
        RowContent::Plain(construct) => size_of_construct(construct),
    }
}

impl Lowerer<'_> {
    /// Whether there is room for another operation; counts it.
    pub(super) fn has_room_for(&mut self, operation: &Operation) -> bool {
        if self.operations.len() == MOST_OPERATIONS && !self.has_too_many {
            self.too_many("operations", operation.span);
        }
        let fixed = size_of::<Operation>() + VARIABLES + size_of_val(operation.inputs.as_slice());
        self.hold(fixed + operation.path.len() + operation.scope.len(), operation.span);
        !self.has_too_many
    }

    /// Whether so much has been expanded that nothing more will be; counts this call or copy.
    pub(super) fn is_full(&mut self, span: Span) -> bool {
        self.expanded += 1;
        if self.expanded == MOST_OPERATIONS + 1 && !self.has_too_many {
            self.too_many("calls of blocks and copies", span);
        }
        self.expanded > MOST_OPERATIONS || self.has_too_many
    }

    pub(super) fn too_many(&mut self, what: &str, span: Span) {
        self.refuse_as_too_large(format!("the network has more than {MOST_OPERATIONS} {what}"), span);
    }

    fn refuse_as_too_large(&mut self, message: String, span: Span) {
        self.has_too_many = true;
        self.report(Diagnostic::error(codes::TOO_LARGE, message).at(span, "this is one too many"));
    }

    /// Counts memory that the network takes, and refuses what takes far too much.
    pub(super) fn hold(&mut self, bytes: usize, span: Span) {
        self.held += bytes;
        if self.held > MOST_MEMORY && !self.has_too_many {
            let most = MOST_MEMORY >> 20;
            self.refuse_as_too_large(
                format!("the layers with their names and arguments take more than {most} MiB"),
                span,
            );
        }
    }
}
