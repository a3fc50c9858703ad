//! Operations in a few words, close to how a spec writes them.

use super::units::Unit;
use crate::CheckedNetwork;
use crate::ops::{Op, Pooling};

/// `conv 3x3/1 64, relu`: a unit and what follows it.
pub(crate) fn unit_words(checked: &CheckedNetwork, unit: &Unit) -> String {
    let branches = match unit.branches.len() {
        0 => String::new(),
        count => format!(" of {count} branches"),
    };
    let own = unit.operation.map(|index| operation_words(checked, index) + &branches);
    let followers = unit.followers.iter().map(|index| operation_words(checked, *index));
    own.into_iter().chain(followers).collect::<Vec<_>>().join(", ")
}

/// All of a branch; `identity` when nothing happens in it.
pub(crate) fn branch_words(checked: &CheckedNetwork, branch: &[Unit]) -> String {
    let words: Vec<String> =
        branch.iter().map(|unit| unit_words(checked, unit)).filter(|words| !words.is_empty()).collect();
    if words.is_empty() { "identity".into() } else { words.join(", ") }
}

/// Operations one after the other, without their numbers; `none` when there are none.
pub(crate) fn follower_words(checked: &CheckedNetwork, operations: &[usize]) -> String {
    let name = |index: &usize| {
        let op = &checked.network().operations[*index].op;
        if matches!(op, Op::BatchNorm(_)) { "batch" } else { op.name() }
    };
    let names: Vec<&str> = operations.iter().map(name).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

fn operation_words(checked: &CheckedNetwork, index: usize) -> String {
    match &checked.network().operations[index].op {
        Op::Convolution(op) => {
            let patch = op.window.patch();
            format!("conv {} {}", patch.strip_suffix("/1").unwrap_or(&patch), op.channels)
        }
        Op::BatchNorm(_) => "batchnorm".into(),
        Op::LocalResponseNorm(op) => format!("lrn {} alpha={} beta={} k={}", op.size, op.alpha, op.beta, op.k),
        Op::Activation(op) => op.name().into(),
        Op::MaxPool(op) => format!("maxpool {}", op.window.patch()),
        Op::AvgPool(op) => format!("avgpool {}", op.window.patch()),
        Op::AdaptivePool(op) => {
            let word = if op.pooling == Pooling::Max { "maxpool" } else { "avgpool" };
            if op.size == [1, 1] {
                format!("{word} global")
            } else {
                format!("{word} adaptive={}x{}", op.size[0], op.size[1])
            }
        }
        Op::Concat(_) => "concat".into(),
        Op::Add(_) => "add".into(),
        Op::Scale(op) => format!("scale {}", op.factor),
        Op::ChannelAffine(_) => "normalize".into(),
        Op::Dropout(op) => format!("dropout {}", op.p),
        Op::Flatten(_) => "flatten".into(),
        Op::Reshape(op) => format!("reshape {}", op.features),
        Op::Linear(op) => format!("linear {}", op.features),
        Op::Softmax(_) => "softmax".into(),
    }
}
