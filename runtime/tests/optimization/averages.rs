//! Averages of weights, and statistics for them.

use crate::one_head::{Logits, MAIN};
use crate::{TRUTH, difference, numbers, read, rows, values};
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::nn::BatchNorm2d;
use googlenetc_runtime::tch::nn::{Init, Path, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::train::{Average, Averaging, Extent, update_bn};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

const RUN: Extent = Extent { steps_per_epoch: NonZeroUsize::new(3).unwrap(), steps: 9 };

/// The truth's parameter and buffer.
struct Weights {
    store: VarStore,
    weight: Tensor,
    running_mean: Tensor,
}

impl Weights {
    fn new() -> Self {
        let mut store = VarStore::new(Device::Cpu);
        let weight = store.root().var("weight", &[3, 4], Init::Const(0.0));
        let running_mean = store.root().zeros_no_train("running_mean", &[4]);
        store.set_kind(Kind::Double);
        let mut weights = Self { store, weight, running_mean };
        weights.set(0);
        weights
    }

    fn set(&mut self, step: i64) {
        no_grad(|| {
            self.weight.copy_(&values(10 * step, &[3, 4], 1.0, Kind::Double));
            self.running_mean.copy_(&values(10 * step + 1, &[4], 1.0, Kind::Double));
        });
    }

    fn now(&self) -> [Vec<f64>; 2] {
        [numbers(&self.weight), numbers(&self.running_mean)]
    }
}

#[test]
fn averages_are_pytorchs() {
    let rows = rows("averages");
    assert_eq!(rows.len(), 6);
    for row in rows {
        let averaging: Averaging = read(&row["averaging"]);
        let mut weights = Weights::new();
        let mut average = Average::new(averaging, &weights.store);
        for step in 1..10 {
            weights.set(step);
            average.update(step.try_into().unwrap(), RUN);
        }
        assert!(average.has_begun());
        let own = weights.now();
        average.swap();
        let theirs: [Vec<f64>; 2] = [read(&row["weight"]), read(&row["running_mean"])];
        for (ours, theirs) in weights.now().iter().zip(&theirs) {
            assert!(difference(ours, theirs) < 1e-12, "{}: {ours:?} {theirs:?}", row["averaging"]);
        }
        assert!(average.state().is_err(), "the averages are in the network");
        average.swap();
        assert_eq!(weights.now(), own, "to the last bit");
    }
}

#[test]
fn an_average_goes_on_where_another_stopped() {
    for row in rows("averages") {
        let averaging: Averaging = read(&row["averaging"]);
        let mut weights = Weights::new();
        let mut average = Average::new(averaging, &weights.store);
        let mut state = BTreeMap::new();
        for step in 1..10 {
            weights.set(step);
            average.update(step.try_into().unwrap(), RUN);
            if step == 5 {
                state = average.state().unwrap().into_iter().map(|(name, tensor)| (name, tensor.copy())).collect();
            }
        }
        let mut other = Average::new(averaging, &weights.store);
        other.load_state(&state).unwrap();
        for step in 6..10 {
            weights.set(step);
            other.update(step.try_into().unwrap(), RUN);
        }
        let numbers_of = |average: &Average| -> Vec<Vec<f64>> {
            average.state().unwrap().iter().map(|(_, tensor)| numbers(tensor)).collect()
        };
        assert_eq!(numbers_of(&average), numbers_of(&other), "{averaging:?}");
        state.remove("average.weight");
        assert!(other.load_state(&state).unwrap_err().to_string().contains("`average.weight` is missing"));
    }
}

/// Batch normalisation and nothing else.
#[derive(Debug)]
struct Normalise(BatchNorm2d);

impl Network for Normalise {
    type Output = Logits;

    const NAME: &'static str = "Normalise";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [3, 2, 2];
    const CLASSES: i64 = 3;
    const HEADS: &'static [Head] = MAIN;

    fn new(p: &Path<'_>) -> Self {
        Self(BatchNorm2d::new(p, 3, 1e-3, 0.1))
    }

    fn forward(&self, x: &Tensor, mode: Mode, _: &Probe<'_>) -> Logits {
        Logits(self.0.forward(x, mode.batch_statistics))
    }
}

#[test]
fn statistics_are_measured_anew_as_pytorch_does() {
    let mut store = VarStore::new(Device::Cpu);
    let network = Normalise::new(&store.root());
    store.set_kind(Kind::Double);
    let variables = store.variables();
    no_grad(|| {
        variables["running_mean"].shallow_clone().copy_(&values(0, &[3], 1.0, Kind::Double));
        variables["running_var"].shallow_clone().copy_(&(values(1, &[3], 1.0, Kind::Double) + 1));
    });
    let batches = [(2, 4), (3, 4), (4, 2)].map(|(k, n)| Ok(values(k, &[n, 3, 2, 2], 1.0, Kind::Double)));
    update_bn(&network, &store, batches.into_iter()).unwrap();
    for name in ["running_mean", "running_var"] {
        let theirs: Vec<f64> = read(&TRUTH["batch_norm"][name]);
        assert!(difference(&numbers(&variables[name]), &theirs) < 1e-12, "{name}");
    }
    let error = update_bn(&network, &store, std::iter::empty()).unwrap_err().to_string();
    assert!(error.contains("no images"), "{error}");
}
