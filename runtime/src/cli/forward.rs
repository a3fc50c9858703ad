//! `forward`.

use super::arguments::ForwardArguments;
use super::{Trained, choose, new_network, print, read_weights};
use crate::error::Result;
use crate::forward::forward;
use crate::network::{Mode, Network};
use crate::weights::tensors;

/// What the tensor is called in the input file.
const INPUT: &str = "input";

pub(super) fn run<N: Network>(arguments: &ForwardArguments) -> Result<()> {
    let input = tensors::read(&arguments.input, INPUT)?;
    let device = choose(arguments.device.choice)?;
    let kind = arguments.dtype.kind();
    let trained = match (&arguments.weights, arguments.init) {
        (Some(path), _) => read_weights::<N>(path, &arguments.reading, Some(kind))?,
        (None, seed) => new_network::<N>(seed.unwrap_or(1), kind),
    };
    // The store owns the variables as long as it lives.
    let Trained { store: _store, network, .. } = trained.on(device)?;
    let input = input.to_kind(kind).to_device(device);
    let mode = if arguments.training { Mode::COMPARISON } else { Mode::INFERENCE };
    let outputs = forward(&network, &input, mode, arguments.trace)?;
    let lines: Vec<String> = outputs.iter().map(|(name, tensor)| describe(name, &tensor.size())).collect();
    tensors::write(&arguments.output, outputs)?;
    print(lines.join("\n"))
}

fn describe(name: &str, shape: &[i64]) -> String {
    format!("{name} {}", shape.iter().map(i64::to_string).collect::<Vec<_>>().join("x"))
}
