//! Fifty steps of training: loss curves against PyTorch's, from the same weights and on the same images, without dropout.

use crate::common::Tiny;
use crate::one_head::{Logits, MAIN};
use crate::{read, rows, values};
use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Heads, Mode, Network, Probe, Rates};
use googlenetc_runtime::nn::{Conv2d, ConvOptions, Linear};
use googlenetc_runtime::tch::nn::{Path, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::train::{Optimizer, Stages, loss, parameters};
use serde_json::Value;

/// An inception block with biases between a stem and a classifier; biases learn at twice the rate and do not decay.
#[derive(Debug)]
struct Branches {
    convolutions: Vec<Conv2d>,
    fc: Linear,
}

impl Network for Branches {
    type Output = Logits;

    const NAME: &'static str = "Branches";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [2, 12, 12];
    const CLASSES: i64 = 3;
    const HEADS: &'static [Head] = MAIN;
    const RATES: &'static [Rates] = &[Rates { lr: 1.0, decay: 1.0 }, Rates { lr: 2.0, decay: 0.0 }];

    fn new(p: &Path<'_>) -> Self {
        let layers = [
            ("stem", 2, 8, 3),
            ("a", 8, 4, 1),
            ("b0", 8, 4, 1),
            ("b1", 4, 6, 3),
            ("c0", 8, 2, 1),
            ("c1", 2, 4, 5),
            ("d", 8, 3, 1),
        ];
        let convolution = |(name, c_in, c_out, kernel): (&str, i64, i64, i64)| {
            let options = ConvOptions {
                kernel: [kernel, kernel],
                stride: [1, 1],
                padding: [kernel / 2; 4],
                dilation: [1, 1],
                groups: 1,
                weight_init: Init::PyTorch,
                bias_init: Some(Init::PyTorch),
            };
            Conv2d::with_rates(&(p / name), c_in, c_out, options, [0, 1])
        };
        let convolutions = layers.into_iter().map(convolution).collect();
        let fc = Linear::with_rates(&(p / "fc"), 17, 3, Init::PyTorch, Some(Init::PyTorch), [0, 1]);
        Self { convolutions, fc }
    }

    fn forward(&self, x: &Tensor, _: Mode, _: &Probe<'_>) -> Logits {
        let layer = |index: usize, x: &Tensor| self.convolutions[index].forward(x).relu();
        let x = layer(0, x).max_pool2d([3, 3], [2, 2], [0, 0], [1, 1], true);
        let pooled = x.max_pool2d([3, 3], [1, 1], [1, 1], [1, 1], false);
        let branches = [layer(1, &x), layer(3, &layer(2, &x)), layer(5, &layer(4, &x)), layer(6, &pooled)];
        Logits(self.fc.forward(&Tensor::cat(&branches, 1).adaptive_avg_pool2d([1, 1]).flatten(1, -1)))
    }
}

/// The losses of fifty steps.
fn curve<N: Network>(row: &Value, kind: Kind) -> Vec<f64> {
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    store.set_kind(kind);
    let mut variables = store.variables();
    let names: Vec<String> = read(&row["names"]);
    for (k, name) in (0..).zip(&names) {
        let mut variable = variables.remove(name).unwrap();
        let shape = variable.size();
        #[expect(clippy::cast_precision_loss, reason = "fans are small")]
        let fan_in = shape.iter().skip(1).product::<i64>() as f64;
        let bound = if shape.len() > 1 { (6.0 / fan_in).sqrt() } else { 0.1 };
        let around = if shape.len() == 1 && name.ends_with("weight") { 1.0 } else { 0.0 };
        no_grad(|| variable.copy_(&(values(k, &shape, 2.0 * bound, Kind::Double) + around)));
    }
    assert!(variables.into_keys().all(|name| name.contains("running_")), "all parameters are filled");
    let parameters = parameters(&store, N::RATES, &Stages::new()).unwrap();
    let mut optimizer =
        Optimizer::new(&read(&row["optimizer"]), read(&row["weight_decay"]), &store, parameters).unwrap();
    let mode = Mode { dropout: false, ..Mode::TRAINING };
    let step = |step: i64| {
        let x = values(100 + step % 4, &[&[6], &N::INPUT[..]].concat(), 2.0, kind);
        let labels = Tensor::from_slice(&(0..6).map(|i| (i + step % 4) % 3).collect::<Vec<i64>>());
        let total = loss::<N>(&network.forward(&x, mode, &Probe::silent()).logits(), &labels, 0.0).unwrap().total;
        optimizer.zero_grad();
        total.backward();
        optimizer.step(read(&row["rate"]));
        total.double_value(&[])
    };
    (0..50).map(step).collect()
}

#[test]
fn fifty_steps_are_pytorchs() {
    let rows = rows("curves");
    assert_eq!(rows.len(), 10);
    for row in rows {
        for (kind, name, tolerance) in [(Kind::Double, "double", 1e-9), (Kind::Float, "single", 1e-4)] {
            let ours = match row["network"].as_str().unwrap() {
                "Tiny" => curve::<Tiny>(row, kind),
                _ => curve::<Branches>(row, kind),
            };
            let theirs: Vec<f64> = read(&row[name]);
            let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs() / b.abs()).fold(0.0, f64::max);
            println!("{} {} {name}: {worst:e}", row["network"], row["optimizer"]);
            assert!(
                (ours.len(), theirs.len()) == (50, 50) && worst < tolerance,
                "{} {name}: {worst:e}",
                row["optimizer"]
            );
            assert!(ours[49] < 0.7 * ours[0], "it learns: {ours:?}");
        }
    }
}
