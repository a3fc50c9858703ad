//! The report: the network as the paper's Table 1 shows it, and everything in it as data.

mod human;
mod table;

use serde::Serialize;

use crate::CheckedNetwork;
use crate::network::{Content, Group, Phase, Source};
use crate::ops::Variable;
use crate::shape::Shape;

pub use human::{grouped, human};
pub use table::{Row, Table};

/// Everything that is reported about a network. Serialised, it is what `--format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Version of this structure; it grows when a field changes its meaning.
    pub schema_version: u32,
    /// The network's name.
    pub network: String,
    /// Channels, height, width of the input.
    pub input: Shape,
    /// Sums over the whole network.
    pub totals: Totals,
    /// Layers with parameters on the longest path from input to first output, the paper's "22 layers deep".
    pub depth: u64,
    /// The table that people read.
    pub table: Table,
    /// Every layer as written, in execution order; a convolution with its norm and activation is one.
    pub layers: Vec<Line>,
    /// Every primitive operation, in execution order.
    pub operations: Vec<Line>,
    /// The heads, in the order of the outputs.
    pub heads: Vec<HeadLine>,
    /// Every tensor of the network, in the order of registration.
    pub variables: Vec<Variable>,
}

/// Sums by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// With all heads.
    pub training: Total,
    /// Without the heads that run only in training.
    pub inference: Total,
}

/// A sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Trainable numbers.
    pub parameters: u64,
    /// Multiplications (each with its addition) for one sample: convolutions and linear layers, biases not counted.
    pub multiply_adds: u64,
}

/// A layer or an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its path.
    pub path: String,
    /// The layer's keyword, or the operation's name.
    pub kind: &'static str,
    /// Shape of its output for one sample.
    pub output: Shape,
    /// Trainable numbers in it.
    pub parameters: u64,
    /// Multiply-adds for one sample.
    pub multiply_adds: u64,
    /// When it runs.
    pub phase: Phase,
}

/// A head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadLine {
    /// Its name.
    pub name: String,
    /// The node that it hangs off.
    pub from: String,
    /// Weight of its loss.
    pub weight: f64,
    /// When it runs.
    pub phase: Phase,
    /// How many logits it delivers.
    pub classes: u64,
}

/// Makes the report of a network.
pub fn report(checked: &CheckedNetwork) -> Report {
    let network = checked.network();
    let order: Vec<usize> = network.registration_order().collect();
    Report {
        schema_version: 1,
        network: network.name.value.clone(),
        input: checked.input(),
        totals: totals(checked),
        depth: table::network_depth(checked),
        table: table::table(checked),
        layers: network.layers().into_iter().filter_map(|group| layer(checked, group)).collect(),
        operations: (0..network.operations.len()).map(|index| operation(checked, index)).collect(),
        heads: network.outputs.iter().map(|index| head(checked, *index)).collect(),
        variables: order.into_iter().flat_map(|index| named_variables(checked, index)).collect(),
    }
}

/// The report as JSON, with a final newline.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The sums over a network.
pub fn totals(checked: &CheckedNetwork) -> Totals {
    let all = 0..checked.network().operations.len();
    Totals {
        training: total(checked, all.clone(), |_| true),
        inference: total(checked, all, |phase| phase == Phase::Always),
    }
}

fn total(checked: &CheckedNetwork, operations: std::ops::Range<usize>, counts: impl Fn(Phase) -> bool) -> Total {
    let phases = &checked.network().operations;
    operations.filter(|index| counts(phases[*index].phase)).fold(Total::default(), |sum, index| Total {
        parameters: sum.parameters + checked.parameters(index),
        multiply_adds: sum.multiply_adds + checked.multiply_adds(index),
    })
}

fn layer(checked: &CheckedNetwork, group: &Group) -> Option<Line> {
    let Content::Layer(kind) = group.content else { return None };
    let sum = total(checked, group.operations.clone(), |_| true);
    Some(Line {
        path: group.path.clone(),
        kind,
        output: checked.shape(group.output),
        parameters: sum.parameters,
        multiply_adds: sum.multiply_adds,
        phase: checked.network().operations[group.operations.start].phase,
    })
}

fn operation(checked: &CheckedNetwork, index: usize) -> Line {
    let operation = &checked.network().operations[index];
    Line {
        path: operation.path.clone(),
        kind: operation.op.name(),
        output: checked.shape(Source::Operation(index)),
        parameters: checked.parameters(index),
        multiply_adds: checked.multiply_adds(index),
        phase: operation.phase,
    }
}

fn head(checked: &CheckedNetwork, index: usize) -> HeadLine {
    let head = &checked.network().heads[index];
    HeadLine {
        name: head.name.value.clone(),
        from: head.from.clone(),
        weight: head.weight,
        phase: head.phase,
        classes: checked.shape(head.layers.output).channels(),
    }
}

fn named_variables(checked: &CheckedNetwork, index: usize) -> Vec<Variable> {
    let scope = &checked.network().operations[index].scope;
    let full = |variable: &Variable| Variable { name: format!("{scope}.{}", variable.name), ..variable.clone() };
    checked.variables(index).iter().map(full).collect()
}
