//! The report: the network as the paper's Table 1 shows it, and everything in it as data.

mod columns;
mod csv;
mod facts;
mod human;
mod layout;
mod markdown;
mod numbers;
mod sizes;
mod table;

use serde::Serialize;

use crate::CheckedNetwork;
use crate::analysis::sizes::{Sizes, valid_sizes};
use crate::check::at::Mode;
use crate::lower::join;
use crate::network::{Content, Group, Phase, Source};
use crate::ops::Variable;
use crate::shape::Shape;

pub use crate::analysis::memory::{Element, Setting};
pub use crate::analysis::receptive::Field;
pub use columns::explain;
pub(crate) use columns::heading;
pub use csv::csv;
pub use human::{human, human_with};
pub use markdown::markdown;
pub use numbers::grouped;
pub use table::{Row, Table};

use facts::Facts;

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
    /// Batch and element type, for everything that is counted in bytes.
    #[serde(flatten)]
    pub setting: Setting,
    /// Sums over the whole network.
    pub totals: Totals,
    /// Layers with parameters on the longest path from input to first output, the paper's "22 layers deep".
    pub depth: u64,
    /// The table that people read.
    pub table: Table,
    /// Every group: the trunk in execution order, then the heads in the order of the outputs; parents before children.
    pub tree: Vec<Row>,
    /// Every layer as written, in execution order; a convolution with its norm and activation is one.
    pub layers: Vec<Line>,
    /// Every primitive operation, in execution order.
    pub operations: Vec<Step>,
    /// The heads, in the order of the outputs.
    pub heads: Vec<HeadLine>,
    /// Every tensor of the network, in the order of registration.
    pub variables: Vec<Variable>,
    /// The square inputs that the network runs on, in training and at inference, where [`Report::with_sizes`] was asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_sizes: Option<Vec<Sizes>>,
}

impl Report {
    /// With the square inputs that the network runs on, for the report's batch. Takes longer than all the rest.
    #[must_use]
    pub fn with_sizes(self, checked: &CheckedNetwork) -> Self {
        let sizes = [Mode::Training, Mode::Inference].map(|mode| valid_sizes(checked, self.setting.batch, mode));
        Self { valid_sizes: Some(sizes.into()), ..self }
    }
}

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// Which rows there are.
    pub depth: Depth,
    /// How many characters fit on a line; `None` for as many as there are.
    pub width: Option<usize>,
}

/// Which rows a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Those of the paper's table: layers of the trunk, calls of blocks, layers of heads.
    #[default]
    Table,
    /// The tree of groups, down to this level; 1 is items of the trunk and heads.
    Levels(usize),
    /// The whole tree, down to every layer.
    All,
}

/// Sums by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// With all heads.
    pub training: Total,
    /// Without the heads that run only in training.
    pub inference: Total,
}

/// A sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Total {
    /// Trainable numbers.
    pub parameters: u64,
    /// Numbers that are saved with the network but not trained by gradient.
    pub buffers: u64,
    /// Bytes of both.
    pub weight_bytes: u64,
    /// Multiplications (each with its addition) for one sample: convolutions and linear layers, biases not counted.
    pub multiply_adds: u64,
    /// Bytes of all values that the forward pass makes.
    pub activation_bytes: u64,
    /// Bytes of the values that are there at once when they are the most.
    pub peak_bytes: u64,
    /// The operation during which that is, as an index into `operations`.
    pub peak_at: Option<usize>,
}

/// A layer or an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Line {
    /// Its path.
    pub path: String,
    /// The layer's keyword, or the operation's name.
    pub kind: &'static str,
    /// Shape of its output for one sample.
    pub output: Shape,
    /// Trainable numbers in it.
    pub parameters: u64,
    /// Numbers in it that are saved but not trained by gradient.
    pub buffers: u64,
    /// Multiply-adds for one sample.
    pub multiply_adds: u64,
    /// Bytes of the values that it makes in training.
    pub activation_bytes: u64,
    /// What one position of the output sees of the network's input.
    pub receptive_field: Field,
    /// When it runs.
    pub phase: Phase,
}

/// A primitive operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What is said of layers too.
    #[serde(flatten)]
    pub line: Line,
    /// What it reads: indices into `operations`, `None` for the network's input.
    pub inputs: Vec<Option<usize>>,
}

/// A head.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The operation that delivers them, as an index into `operations`.
    pub output: Option<usize>,
}

/// Makes the report of a network, with memory for one sample of 32-bit numbers.
///
/// ```
/// use googlenetc::report::{human, report};
///
/// let spec = "network: Tiny\ninput: 1x8x8\nstem: {conv1: conv 3x3 4 bias}\nheads: {main: {layers: [flatten, linear 10]}}\n";
/// let network = googlenetc::compile("tiny.yaml", spec).network.expect("the spec is right");
/// let report = report(&network);
/// assert_eq!(report.layers[0].parameters, 3 * 3 * 4 + 4);
/// assert_eq!(report.layers[0].multiply_adds, (3 * 3) * (4 * 8 * 8));
/// print!("{}", human(&report));
/// ```
pub fn report(checked: &CheckedNetwork) -> Report {
    report_with(checked, Setting::default())
}

/// Makes the report of a network, with memory for a batch and an element type.
pub fn report_with(checked: &CheckedNetwork, setting: Setting) -> Report {
    let network = checked.network();
    let facts = Facts::new(checked, setting);
    let order: Vec<usize> = network.registration_order().collect();
    let (table, tree) = table::rows(&facts);
    Report {
        schema_version: 1,
        network: network.name.value.clone(),
        input: checked.input(),
        setting,
        totals: facts.both(),
        depth: table::network_depth(checked),
        table,
        tree,
        layers: network.layers().into_iter().filter_map(|group| layer(&facts, group)).collect(),
        operations: (0..network.operations.len()).map(|index| operation(&facts, index)).collect(),
        heads: network.outputs.iter().map(|index| head(checked, *index)).collect(),
        variables: order.into_iter().flat_map(|index| named_variables(checked, index)).collect(),
        valid_sizes: None,
    }
}

/// The report as JSON, with a final newline.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The sums over a network, with memory for one sample of 32-bit numbers.
pub fn totals(checked: &CheckedNetwork) -> Totals {
    Facts::new(checked, Setting::default()).both()
}

fn layer(facts: &Facts<'_>, group: &Group) -> Option<Line> {
    let Content::Layer(kind) = group.content else { return None };
    Some(facts.line(&group.path, kind, group.operations.clone(), group.output, group.phase))
}

fn operation(facts: &Facts<'_>, index: usize) -> Step {
    let operation = &facts.checked.network().operations[index];
    let output = Source::Operation(index);
    Step {
        line: facts.line(&operation.path, operation.op.name(), index..index + 1, output, operation.phase),
        inputs: operation.inputs.iter().map(|source| position(*source)).collect(),
    }
}

/// Where a value is made, as an index into the operations.
fn position(source: Source) -> Option<usize> {
    match source {
        Source::Operation(index) => Some(index),
        Source::Input | Source::Unknown => None,
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
        output: position(head.layers.output),
    }
}

fn named_variables(checked: &CheckedNetwork, index: usize) -> Vec<Variable> {
    let scope = &checked.network().operations[index].scope;
    let full = |variable: &Variable| Variable { name: join(scope, &variable.name), ..variable.clone() };
    checked.variables(index).iter().map(full).collect()
}
