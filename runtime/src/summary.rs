//! What a network is made of, seen while it runs: every named output with its shape, every variable, and how many there are.

mod owners;
mod parts;
mod print;

pub use parts::Branches;
pub use print::Style;

use crate::error::Result;
use crate::forward::{TRACE, forward};
use crate::network::{Mode, Network};
use crate::variables::in_order;
use owners::hand_out;
use std::collections::BTreeSet;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// A network that has run once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// What it ran on: images, channels, height, width.
    pub input: [i64; 4],
    /// The named outputs, in the order of execution.
    pub outputs: Vec<Output>,
    /// The variables of layers that did not run.
    pub idle: Vec<Variable>,
    /// The variables with all heads, if the training graph ran.
    pub training: Option<Count>,
    /// The variables without heads that run in training only.
    pub inference: Count,
}

/// A named output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its path.
    pub path: String,
    /// Its shape, the images included.
    pub shape: Vec<i64>,
    /// Whether it is computed in training only.
    pub training_only: bool,
    /// The variables of the layer that computes it.
    pub variables: Vec<Variable>,
}

/// A variable of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its whole name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// Whether training changes it by its gradient. Others are buffers: running statistics.
    pub trainable: bool,
}

/// How many numbers the variables have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Of trainable variables.
    pub parameters: i64,
    /// Of the others.
    pub buffers: i64,
}

/// Runs `network`, whose variables are in `store`, on `images` images of zeros with this many channels, rows and columns.
///
/// With `training` it runs the training graph, and the graph of inference to tell them apart; otherwise the latter alone.
///
/// # Examples
/// ```no_run
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::network::Network;
/// use googlenetc_runtime::summary::{Style, summarise};
/// use googlenetc_runtime::tch::Device;
/// use googlenetc_runtime::tch::nn::VarStore;
///
/// /// Prints the outputs of a new network at inference, for one image of the declared size.
/// fn print<N: Network>() -> Result<()> {
///     let store = VarStore::new(Device::Cpu);
///     let network = N::new(&store.root());
///     let summary = summarise(&network, &store, 1, N::INPUT, false)?;
///     print!("{}", summary.text(Style::Stages));
///     Ok(())
/// }
/// ```
///
/// # Errors
/// When the network does not run on that size.
pub fn summarise<N: Network>(
    network: &N,
    store: &VarStore,
    images: i64,
    [channels, height, width]: [i64; 3],
    training: bool,
) -> Result<Summary> {
    let input = [images, channels, height, width];
    let variables = in_order(store);
    let kind = variables.first().map_or(Kind::Float, |(_, variable)| variable.kind());
    let x = Tensor::zeros(input, (kind, store.device()));
    let run = |mode: Mode| -> Result<Vec<(String, Vec<i64>)>> {
        let tensors = forward(network, &x, mode, true)?;
        let seen = tensors.iter().filter_map(|(name, t)| Some((name.strip_prefix(TRACE)?.to_owned(), t.size())));
        Ok(seen.collect())
    };
    let always = run(Mode::INFERENCE)?;
    let paths: BTreeSet<&str> = always.iter().map(|(path, _)| path.as_str()).collect();
    let seen = if training { run(Mode::COMPARISON)? } else { always.clone() };
    let mut outputs: Vec<Output> = seen
        .into_iter()
        .map(|(path, shape)| {
            let training_only = !paths.contains(path.as_str());
            Output { path, shape, training_only, variables: Vec::new() }
        })
        .collect();
    let idle = hand_out(&variables, &mut outputs);
    let run_always = outputs.iter().filter(|output| !output.training_only);
    let inference = Count::of(run_always.flat_map(|output| &output.variables));
    let everything = outputs.iter().flat_map(|output| &output.variables).chain(&idle);
    let training = training.then(|| Count::of(everything));
    Ok(Summary { network: N::NAME, input, outputs, idle, training, inference })
}

impl Count {
    fn of<'a>(variables: impl Iterator<Item = &'a Variable>) -> Self {
        let mut count = Self::default();
        for variable in variables {
            *(if variable.trainable { &mut count.parameters } else { &mut count.buffers }) += variable.numbers();
        }
        count
    }
}

impl Variable {
    /// How many numbers it has.
    pub fn numbers(&self) -> i64 {
        self.shape.iter().product()
    }
}
