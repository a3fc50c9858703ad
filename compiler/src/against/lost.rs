//! Pools that round down where the network of a published table rounds up, and so lose a pixel against it.

use super::align;
use super::published::Published;
use crate::CheckedNetwork;
use crate::diff::units::{Unit, main_path, op};
use crate::ops::{AvgPool, MaxPool, Op, Window};
use crate::shape::Partial;

/// A pool that loses a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    /// The row of the table.
    pub(crate) row: String,
    /// The pool.
    pub(crate) operation: usize,
    /// Height and width that the table's pool reads.
    pub(crate) input: [u64; 2],
    /// What this pool makes of them.
    pub(crate) found: [u64; 2],
    /// What the table's makes of them.
    pub(crate) published: [u64; 2],
}

/// The pools that make of the sizes that the table's read one row or column less than it says, and would make what it says if
/// they rounded up. Asked only where the input is the table's.
pub(crate) fn lost(checked: &CheckedNetwork, table: &Published) -> Vec<Lost> {
    if checked.input().sizes().get(1..) != table.input.get(1..) {
        return Vec::new();
    }
    let path = main_path(checked);
    let found = align(checked, table, &path).found;
    let mut input = table.input.as_slice();
    let mut all = Vec::new();
    for (row, units) in table.rows.iter().zip(found) {
        if let [unit] = units[..] {
            all.extend(of_pool(checked, unit, input, &row.output).map(|lost| Lost { row: row.name.clone(), ..lost }));
        }
        input = &row.output;
    }
    all
}

fn of_pool(checked: &CheckedNetwork, unit: &Unit, input: &[u64], published: &[u64]) -> Option<Lost> {
    let ([channels, height, width], [_, rows, columns]) = (input, published) else { return None };
    let op = op(checked, unit)?;
    let maps = [Partial::Map { channels: Some(*channels), height: Some(*height), width: Some(*width) }];
    let sizes = |op: &Op| {
        let [_, Some(rows), Some(columns)] = op.rule().output(&maps).ok()?.sizes()?[..] else { return None };
        Some([rows, columns])
    };
    let (found, published) = (sizes(op)?, [*rows, *columns]);
    let is_short =
        found != published && found.iter().zip(published).all(|(found, wanted)| wanted <= found.saturating_add(1));
    (is_short && sizes(&rounded_up(op)?)? == published).then(|| Lost {
        row: String::new(),
        operation: unit.operation.unwrap_or_default(),
        input: [*height, *width],
        found,
        published,
    })
}

/// The same pool, but for its rounding; `None` for what is no pool with a window, or rounds up already.
fn rounded_up(op: &Op) -> Option<Op> {
    let up = |window: &Window| (!window.ceil).then_some(Window { ceil: true, ..*window });
    if let Op::MaxPool(pool) = op {
        Some(Op::MaxPool(MaxPool { window: up(&pool.window)? }))
    } else if let Op::AvgPool(pool) = op {
        Some(Op::AvgPool(AvgPool { window: up(&pool.window)?, ..pool.clone() }))
    } else {
        None
    }
}
