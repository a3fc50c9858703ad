//! The ReLU of a value that nobody else needs.

use crate::network::Probe;
use tch::Tensor;

/// x where it is positive, 0 elsewhere, in the memory of `x` unless an observer has seen that: what is written and kept for the
/// backward pass is then one value where there were two.
///
/// What made `x` must be able to go backward without it, as convolutions and normalisations are.
pub fn relu(mut x: Tensor, probe: &Probe<'_>) -> Tensor {
    if probe.is_silent() { x.relu_() } else { x.relu() }
}
