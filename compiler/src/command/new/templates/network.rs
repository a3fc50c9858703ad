//! The network is the one that was asked for. Where a change of the spec is meant to change these numbers, this says what they
//! are now: `{REPORT}`

use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};

mod network {
    googlenetc_runtime::include_network!({STEM});
}

/// What the heads give for two samples, in the order of the outputs.
fn shapes(mode: Mode) -> Vec<Vec<i64>> {
    let store = VarStore::new(Device::Cpu);
    let network = network::{TYPE}::new(&store.root());
    let x = Tensor::rand([2, {SIZES}], (Kind::Float, Device::Cpu));
    let output = network.forward(&x, mode, &Probe::silent());
    let logits = output.logits().into_iter().flatten();
    logits.map(Tensor::size).collect()
}

#[test]
fn it_has_as_many_parameters_as_reported() {
    let store = VarStore::new(Device::Cpu);
    network::{TYPE}::new(&store.root());
    let parameters: usize = store.trainable_variables().iter().map(Tensor::numel).sum();
    assert_eq!(parameters, {PARAMETERS});
}

#[test]
fn its_heads_have_the_shapes_that_were_derived() {
    assert_eq!(shapes(Mode::TRAINING), {TRAINING});
    assert_eq!(shapes(Mode::INFERENCE), {INFERENCE});
}
