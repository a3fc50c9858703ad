//! What names say about kernels, and which kernels there are.

use std::fmt;

use crate::check::CheckedNetwork;
use crate::network::Group;
use crate::ops::Op;

/// A kernel that a name says: `5x5` in `branch5x5_2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim(pub(super) [u64; 2]);

impl Claim {
    /// The kernel in a name; `None` where it says none, or several (`7x7x3`, `3x3_5x5`).
    pub(super) fn of(name: &str) -> Option<Self> {
        let is_part = |byte: u8| byte.is_ascii_digit() || byte == b'x';
        let mut runs = name.as_bytes().split(|byte| !is_part(*byte)).filter_map(kernel);
        let first = runs.next()?;
        (runs.next().is_none()).then_some(first).flatten()
    }
}

/// The kernel in a run of digits and `x`: none where the run says nothing, and inside, none where it says no two numbers.
#[expect(clippy::option_option, reason = "whether it says anything about kernels, and what")]
fn kernel(run: &[u8]) -> Option<Option<Claim>> {
    let text = std::str::from_utf8(run).ok()?.trim_matches('x');
    let numbers: Vec<&str> = text.split('x').collect();
    match numbers[..] {
        [_] => None,
        [rows, columns] => {
            Some(rows.parse().ok().zip(columns.parse().ok()).map(|(rows, columns)| Claim([rows, columns])))
        }
        [..] => Some(None),
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.0[0], self.0[1])
    }
}

/// Whether a group has a convolution.
pub(super) fn has_convolution(checked: &CheckedNetwork, group: &Group) -> bool {
    let operations = &checked.network().operations;
    group.operations.clone().any(|index| matches!(operations[index].op, Op::Convolution(_)))
}

/// Whether a group has a kernel as a name says: of that size, with its taps spread over that size, or a row or a column of it.
pub(super) fn fulfils(checked: &CheckedNetwork, group: &Group, Claim([rows, columns]): Claim) -> bool {
    let operations = &checked.network().operations;
    group.operations.clone().filter_map(|index| operations[index].op.rule().window()).any(|window| {
        let reach = [window.reach(0), window.reach(1)];
        let is_part = rows > 1 && columns > 1 && [[rows, 1], [1, columns]].contains(&reach);
        window.kernel == [rows, columns] || reach == [rows, columns] || is_part
    })
}

/// How much the convolutions of a group cover one after the other: two of 3x3 cover 5x5.
pub(super) fn cover(checked: &CheckedNetwork, group: &Group) -> [u64; 2] {
    let operations = &checked.network().operations;
    let convolutions = group.operations.clone().map(|index| &operations[index].op);
    let convolutions = convolutions.filter(|op| matches!(op, Op::Convolution(_))).filter_map(|op| op.rule().window());
    convolutions
        .fold([1, 1], |sum: [u64; 2], window| [0, 1].map(|axis| sum[axis].saturating_add(window.reach(axis) - 1)))
}
