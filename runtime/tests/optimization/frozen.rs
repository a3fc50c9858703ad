//! Parts of a network that learn otherwise than the rest.

use crate::common::Tiny;
use crate::{numbers, values};
use googlenetc_runtime::network::{Heads, Mode, Network, Probe, Statistics};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::train::{Optimizer, OptimizerConfig, Sgd, StageRates, Stages, freeze, loss, parameters};
use std::collections::BTreeMap;

fn state(store: &VarStore) -> BTreeMap<String, Vec<f64>> {
    store.variables().iter().map(|(name, tensor)| (name.clone(), numbers(tensor))).collect()
}

/// Which variables three steps change, if batch normalisation normalises with these statistics.
fn changed(frozen: &[&str], stages: &Stages, statistics: Statistics) -> Vec<String> {
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    let frozen: Vec<String> = frozen.iter().map(|&part| part.to_owned()).collect();
    freeze(&store, &frozen).unwrap();
    let config = OptimizerConfig::Sgd(Sgd::default());
    let mut optimizer =
        Optimizer::new(&config, 0.01, &store, parameters(&store, Tiny::RATES, stages).unwrap()).unwrap();
    let before = state(&store);
    let mode = Mode { dropout: false, batch_statistics: statistics, ..Mode::TRAINING };
    for step in 0..3 {
        let output = network.forward(&values(step, &[6, 1, 8, 8], 2.0, Kind::Float), mode, &Probe::silent());
        let labels = Tensor::from_slice(&[0_i64, 1, 2, 0, 1, 2]);
        optimizer.zero_grad();
        loss::<Tiny>(&output.logits(), &labels, 0.0).unwrap().total.backward();
        optimizer.step(0.1);
    }
    let after = state(&store);
    before.into_iter().filter(|(name, values)| after[name] != *values).map(|(name, _)| name).collect()
}

const OTHERS: [&str; 4] = ["aux1.fc.bias", "aux1.fc.weight", "main.fc.bias", "main.fc.weight"];

#[test]
fn what_is_frozen_stays_byte_for_byte() {
    let buffers = ["conv1.bn.running_mean", "conv1.bn.running_var"];
    let with_buffers: Vec<&str> = OTHERS[..2].iter().chain(&buffers).chain(&OTHERS[2..]).copied().collect();
    assert_eq!(changed(&["conv1"], &Stages::new(), Statistics::Batch), with_buffers);
    assert_eq!(changed(&["conv*"], &Stages::new(), Statistics::BatchUnlessFrozen), OTHERS);
    let main = changed(&["conv1", "aux1.fc"], &Stages::new(), Statistics::BatchUnlessFrozen);
    assert_eq!(main, OTHERS[2..]);
    // Where nothing is frozen, all follow.
    assert_eq!(changed(&[], &Stages::new(), Statistics::BatchUnlessFrozen).len(), 9);
}

#[test]
fn a_rate_of_nothing_changes_nothing_and_the_longer_name_counts() {
    let still = StageRates { lr: 0.0, decay: 1.0 };
    let stages = Stages::from([("main".to_owned(), still)]);
    assert_eq!(changed(&["conv1"], &stages, Statistics::BatchUnlessFrozen), OTHERS[..2]);
    let stages = Stages::from([("main".to_owned(), still), ("main.fc.bias".to_owned(), StageRates::default())]);
    assert_eq!(changed(&["conv1"], &stages, Statistics::BatchUnlessFrozen), OTHERS[..3]);
}

#[test]
fn unknown_parts_are_refused_with_the_nearest() {
    let store = VarStore::new(Device::Cpu);
    Tiny::new(&store.root());
    for (part, message) in [("conv2", "did you mean `conv1`?"), ("xyz", "`summary` lists them")] {
        let error = freeze(&store, &[part.to_owned()]).unwrap_err().to_string();
        assert!(error.contains(&format!("no part `{part}`")) && error.contains(message), "{error}");
        let stages = Stages::from([(part.to_owned(), StageRates::default())]);
        assert_eq!(parameters(&store, Tiny::RATES, &stages).unwrap_err().to_string(), error);
    }
}
