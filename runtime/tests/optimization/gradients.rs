//! Losses, and what becomes of gradients before the optimizer sees them.

use crate::common::Tiny;
use crate::{TRUTH, difference, numbers, read, rows, values};
use googlenetc_runtime::network::Rates;
use googlenetc_runtime::tch::nn::{Init, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::train::{Accumulation, Clip, Parameter, Stages, loss, parameters};

fn variables(shapes: &[&[i64]]) -> (VarStore, Vec<Parameter>) {
    let mut store = VarStore::new(Device::Cpu);
    for (k, shape) in shapes.iter().enumerate() {
        let _ = store.root().var(&format!("v{k}"), shape, Init::Const(0.0));
    }
    store.set_kind(Kind::Double);
    let parameters = parameters(&store, &[Rates { lr: 1.0, decay: 1.0 }], &Stages::new()).unwrap();
    for (k, parameter) in (0..).zip(&parameters) {
        let values = values(k, &parameter.tensor.size(), 1.0, Kind::Double);
        no_grad(|| parameter.tensor.shallow_clone().copy_(&values));
    }
    (store, parameters)
}

#[test]
fn clipping_is_pytorchs() {
    let rows = rows("clipping");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let (_store, parameters) = variables(&[&[3, 4], &[5], &[2, 2, 3, 3]]);
        for (k, parameter) in (10..).zip(&parameters) {
            let gradient = values(k, &parameter.tensor.size(), 1.0, Kind::Double);
            (&parameter.tensor * gradient).sum(None).backward();
        }
        let clip: Clip = read(&row["clip"]);
        let norm = clip.apply(parameters.iter()).unwrap();
        let theirs: Option<f64> = read(&row["norm"]);
        assert_eq!(norm.is_some(), theirs.is_some());
        assert!((norm.unwrap_or(0.0) - theirs.unwrap_or(0.0)).abs() < 1e-12, "{norm:?} {theirs:?}");
        for (k, parameter) in parameters.iter().enumerate() {
            let theirs: Vec<f64> = read(&row["gradients"][k]);
            assert!(difference(&numbers(&parameter.tensor.grad()), &theirs) < 1e-12, "{clip:?}");
        }
    }
}

/// Ten images in batches of 4, 4 and 2 have the gradient of ten images.
#[test]
fn gradients_of_several_batches_are_those_of_all_their_images() {
    let (_store, parameters) = variables(&[&[4, 5], &[4]]);
    let x = values(2, &[10, 5], 4.0, Kind::Double);
    let labels = Tensor::from_slice(&(0..10).map(|i| i % 4).collect::<Vec<i64>>());
    let loss = |from: i64, images: i64| {
        let logits = x.narrow(0, from, images).linear(&parameters[0].tensor, Some(&parameters[1].tensor));
        logits.log_softmax(-1, Kind::Double).nll_loss(&labels.narrow(0, from, images))
    };
    let mut accumulation = Accumulation::default();
    for (from, images) in [(0, 4), (4, 4), (8, 2)] {
        accumulation.add(&loss(from, images), images.try_into().unwrap(), false);
    }
    assert_eq!(accumulation.batches(), 3);
    assert!(accumulation.finish(parameters.iter()));
    for (parameter, name) in parameters.iter().zip(["weight", "bias"]) {
        let theirs: Vec<f64> = read(&TRUTH["accumulation"][name]);
        assert!(difference(&numbers(&parameter.tensor.grad()), &theirs) < 1e-12, "{name}");
    }
    assert!(!accumulation.finish(parameters.iter()), "no batch, no step");

    // A batch alone is not touched.
    let alone = || {
        let gradient = Tensor::run_backward(&[loss(0, 10)], &[&parameters[0].tensor], false, false);
        numbers(&gradient[0])
    };
    let mut gradient = parameters[0].tensor.grad();
    let _ = gradient.zero_();
    accumulation.add(&loss(0, 10), 10, true);
    assert!(accumulation.finish(parameters.iter()));
    assert_eq!(numbers(&gradient), alone());
}

#[test]
fn losses_are_pytorchs() {
    let rows = rows("losses");
    assert_eq!(rows.len(), 6);
    let labels = Tensor::from_slice(&[0_i64, 2, 1, 3, 3, 0]);
    for row in rows {
        let (kind, tolerance) = if row["double"] == true { (Kind::Double, 1e-12) } else { (Kind::Float, 1e-6) };
        let heads: Vec<Tensor> = (0..2).map(|k| values(k, &[6, 4], 6.0, kind).set_requires_grad(true)).collect();
        let logits: Vec<Option<&Tensor>> = heads.iter().map(Some).collect();
        let ours = loss::<Tiny>(&logits, &labels, read(&row["label_smoothing"])).unwrap();
        assert_eq!(ours.total.kind(), kind);
        ours.total.backward();
        let parts: Vec<f64> = ours.heads.iter().map(|loss| loss.as_ref().unwrap().double_value(&[])).collect();
        assert!(difference(&parts, &read::<Vec<f64>>(&row["heads"])) < tolerance, "{row}");
        assert!(difference(&[ours.total.double_value(&[])], &[read(&row["total"])]) < tolerance, "{row}");
        for (k, head) in heads.iter().enumerate() {
            let theirs: Vec<f64> = read(&row["gradients"][k]);
            assert!(difference(&numbers(&head.grad()), &theirs) < tolerance, "{row}");
        }
    }
}
