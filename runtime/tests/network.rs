//! Generated code and the probe.

mod common;

use common::Tiny;
use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::cell::RefCell;

/// What the observer is shown, in order.
fn observe(mode: Mode) -> Vec<(String, Vec<i64>)> {
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    let seen = RefCell::new(Vec::new());
    let observer = |path: &str, value: &Tensor| seen.borrow_mut().push((path.to_owned(), value.size()));
    network.forward(&Tensor::zeros([2, 1, 8, 8], (Kind::Float, Device::Cpu)), mode, &Probe::new(&observer));
    seen.into_inner()
}

fn expected(parts: &[(&str, &[i64])]) -> Vec<(String, Vec<i64>)> {
    parts.iter().map(|(path, size)| ((*path).to_owned(), size.to_vec())).collect()
}

const CONV1: [(&str, &[i64]); 3] =
    [("conv1.conv", &[2, 6, 8, 8]), ("conv1.bn", &[2, 6, 8, 8]), ("conv1", &[2, 6, 8, 8])];
const AUX1: [(&str, &[i64]); 2] = [("aux1.0", &[2, 6]), ("aux1.fc", &[2, 3])];
const MAIN: [(&str, &[i64]); 5] = [
    ("pool1", &[2, 6, 4, 4]),
    ("norm1", &[2, 6, 4, 4]),
    ("main.0", &[2, 96]),
    ("main.1", &[2, 96]),
    ("main.fc", &[2, 3]),
];

#[test]
fn the_observer_sees_every_named_output_in_execution_order() {
    assert_eq!(observe(Mode::INFERENCE), expected(&[&CONV1[..], &MAIN].concat()));
    assert_eq!(observe(Mode::TRAINING), expected(&[&CONV1[..], &AUX1, &MAIN].concat()));
}

#[test]
fn auxiliary_heads_give_logits_in_training_only() {
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    let x = Tensor::zeros([2, 1, 8, 8], (Kind::Float, Device::Cpu));
    for mode in [Mode::INFERENCE, Mode::COMPARISON, Mode::TRAINING] {
        let output = network.forward(&x, mode, &Probe::silent());
        let running: Vec<_> = output.logits().iter().map(Option::is_some).collect();
        assert_eq!(running, [true, mode.training]);
    }
}

#[test]
fn the_root_itself_has_the_empty_path() {
    let seen = RefCell::new(Vec::new());
    let observer = |path: &str, _: &Tensor| seen.borrow_mut().push(path.to_owned());
    let probe = Probe::new(&observer);
    let value = || Tensor::from(1.0);
    let _ = probe.output(value());
    let _ = probe.enter("a").enter("b").see("0", value());
    let _ = probe.enter("stage").nth(3).see("conv", value());
    let _ = Probe::silent().see("unseen", value());
    assert_eq!(seen.into_inner(), ["", "a.b.0", "stage.3.conv"]);
}
