//! Dropout before a convolution.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject, written};
use crate::check::CheckedNetwork;
use crate::codes;
use crate::network::Source;
use crate::ops::{Convolution, Family, Op};
use crate::shape::Shape;

pub(super) const LINT: Lint = Lint {
    code: codes::DROPOUT_BEFORE_CONVOLUTION,
    name: "dropout-before-convolution",
    level: Level::Warn,
    reason: "neighbouring values of a map say nearly the same, so zeroing single ones adds noise and regularises little",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    // For every value the dropout that it has come through since the last weights.
    let mut dropped: Vec<Option<usize>> = Vec::with_capacity(network.operations.len());
    let mut is_in_head = vec![false; network.operations.len()];
    for head in &network.heads {
        is_in_head[head.layers.operations.clone()].fill(true);
    }
    for (index, operation) in network.operations.iter().enumerate() {
        let mut inputs = operation.inputs.iter().filter_map(|source| match source {
            Source::Operation(read) => dropped.get(*read).copied().flatten(),
            Source::Input | Source::Unknown => None,
        });
        let before = inputs.next();
        if let (Op::Convolution(convolution), Some(dropout)) = (&operation.op, before)
            && !is_linear_layer(subject.checked, index, convolution, is_in_head[index])
        {
            let dropout = &network.operations[dropout];
            found.push(
                Diagnostic::warning(
                    codes::DROPOUT_BEFORE_CONVOLUTION,
                    format!(
                        "the dropout at `{}` stands before the convolution `{}`",
                        dropout.path,
                        written::layer(operation)
                    ),
                )
                .at(dropout.span, "zeroes single values of maps")
                .see(operation.span, "which this convolution reads")
                .help("put it where there are vectors: behind the last pool, before a `linear`"),
            );
        }
        let drops = matches!(&operation.op, Op::Dropout(dropout) if dropout.p > 0.0);
        let ends = operation.op.rule().family() == Family::Form || !subject.checked.variables(index).is_empty();
        dropped.push(if drops { Some(index) } else { before.filter(|_| !ends) });
    }
}

/// Whether a convolution is a linear layer by another name: it reads a single position, or it is the 1x1 convolution of a head, as
/// `SqueezeNet` classifies each position before the mean.
fn is_linear_layer(checked: &CheckedNetwork, index: usize, convolution: &Convolution, is_in_head: bool) -> bool {
    let input = checked.network().operations[index].inputs.first().map(|source| checked.shape(*source));
    let is_position = matches!(input, Some(Shape::Map { height: 1, width: 1, .. }));
    is_position || (is_in_head && convolution.window.kernel == [1, 1])
}
