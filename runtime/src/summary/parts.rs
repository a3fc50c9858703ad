//! The stages of a network, and the branches of its blocks, as far as names and shapes tell.

use super::{Output, Summary};
use std::collections::BTreeSet;

/// What the compiler calls the parts of one layer: the operation, its norm, its activation.
const PARTS_OF_LAYERS: [&str; 13] = [
    "conv",
    "bn",
    "lrn",
    "linear",
    "relu",
    "relu6",
    "leaky-relu",
    "elu",
    "gelu",
    "silu",
    "hardswish",
    "sigmoid",
    "tanh",
];

/// An output that is put together from those of branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branches<'a> {
    /// What comes of them.
    pub output: &'a Output,
    /// The name of each branch, and its last output.
    pub branches: Vec<(&'a str, &'a Output)>,
}

impl Summary {
    /// The last output of each stage, at inference.
    ///
    /// A stage ends where height and width become smaller and then stay; where they become smaller several times in a row, with
    /// the last of these. The last output that has height and width ends one too, and each of those that have none is a stage of its own.
    pub fn stages(&self) -> Vec<&Output> {
        let parts = self.parts();
        let mut before = size(&self.input);
        let mut becomes_smaller = Vec::with_capacity(parts.len());
        for part in &parts {
            let now = size(&part.shape);
            becomes_smaller.push(now.zip(before).is_some_and(|(now, before)| now[0] < before[0] || now[1] < before[1]));
            before = now;
        }
        let ends = |i: usize, part: &Output| match parts.get(i + 1) {
            Some(next) if size(&part.shape).is_some() && size(&next.shape).is_some() => {
                becomes_smaller.get(i) == Some(&true) && becomes_smaller.get(i + 1) == Some(&false)
            }
            _ => true,
        };
        parts.iter().enumerate().filter(|(i, part)| ends(*i, part)).map(|(_, part)| *part).collect()
    }

    /// All outputs that branches lead to, at inference, each with the last outputs of its branches. A branch that computes nothing,
    /// an identity, has no output.
    pub fn branches(&self) -> Vec<Branches<'_>> {
        let outputs = self.at_inference();
        let of = |output| Branches { output, branches: branches_of(output, &outputs) };
        outputs.iter().map(|output| of(output)).filter(|found| !found.branches.is_empty()).collect()
    }

    fn at_inference(&self) -> Vec<&Output> {
        self.outputs.iter().filter(|output| !output.training_only).collect()
    }

    /// What lies within nothing that has an output itself: neither in a layer nor in a block that ends with a concatenation.
    fn parts(&self) -> Vec<&Output> {
        let mut parts = self.at_inference();
        let paths: BTreeSet<&str> = parts.iter().map(|output| output.path.as_str()).collect();
        let is_inside = |path: &str| path.match_indices('.').any(|(i, _)| paths.contains(&path[..i]));
        parts.retain(|output| !is_inside(&output.path));
        parts
    }
}

/// Height and width.
fn size(shape: &[i64]) -> Option<[i64; 2]> {
    match *shape {
        [_, _, height, width] => Some([height, width]),
        _ => None,
    }
}

fn branches_of<'a>(output: &Output, outputs: &[&'a Output]) -> Vec<(&'a str, &'a Output)> {
    let mut branches: Vec<(&str, &Output)> = Vec::new();
    for inner in outputs {
        let Some(rest) = inner.path.strip_prefix(&output.path).and_then(|rest| rest.strip_prefix('.')) else {
            continue;
        };
        let name = rest.split('.').next().unwrap_or(rest);
        match branches.iter_mut().find(|(known, _)| *known == name) {
            Some((_, last)) => *last = inner,
            None => branches.push((name, inner)),
        }
    }
    let is_layer = branches.iter().all(|(name, _)| PARTS_OF_LAYERS.contains(name));
    if is_layer { Vec::new() } else { branches }
}
