//! The report as people know it from Python: torchsummary's table, torchinfo's tree, and what `print(model)` shows.
//!
//! The network's operations become modules by a presentation, a small data file that names the Python classes; without
//! one, every operation is a module of its own. Then every style reads the same tree and the same calls.

mod calls;
mod modules;
mod names;
mod presentation;
mod repr;
mod torchinfo;
mod torchsummary;

use crate::CheckedNetwork;
use crate::network::Phase;
use crate::shape::Shape;

pub use presentation::{Presentation, read};

/// How a report in somebody else's style is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Which parts of the network run: all of it when training, without heads of training only at inference.
    pub phase: Phase,
    /// Samples in a batch, which torchinfo counts.
    pub batch: u64,
    /// How deep torchinfo shows modules in modules.
    pub depth: usize,
    /// Whether torchinfo shows inputs, kernels and multiply-adds as well.
    pub all_columns: bool,
}

/// What `torchsummary.summary(model, input)` prints.
pub fn torchsummary(checked: &CheckedNetwork, presentation: &Presentation, options: Options) -> String {
    torchsummary::torchsummary(checked, &modules::modules(checked, presentation), options)
}

/// What `torchinfo.summary(model, input)` prints.
pub fn torchinfo(checked: &CheckedNetwork, presentation: &Presentation, options: Options) -> String {
    torchinfo::torchinfo(checked, &modules::modules(checked, presentation), options)
}

/// What `print(model)` prints.
pub fn repr(checked: &CheckedNetwork, presentation: &Presentation) -> String {
    repr::repr(checked, &modules::modules(checked, presentation))
}

/// How many trainable numbers these operations own.
fn parameters(checked: &CheckedNetwork, operations: impl IntoIterator<Item = usize>) -> u64 {
    operations.into_iter().map(|index| checked.parameters(index)).sum()
}

/// A batch of this shape as Python shows it: `[1, 64, 112, 112]`.
fn sizes(batch: &str, shape: Shape) -> String {
    let sizes: Vec<String> = shape.sizes().iter().map(u64::to_string).collect();
    format!("[{batch}, {}]", sizes.join(", "))
}

/// Whether an operation runs in a phase.
fn runs(checked: &CheckedNetwork, index: usize, phase: Phase) -> bool {
    checked.network().operations[index].phase.runs(phase == Phase::Training)
}
