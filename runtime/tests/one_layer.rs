//! A network of one layer, in which one step of training can be followed: rates, and rows that are no images.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod halves;
mod one_head;

use googlenetc_runtime::data::BadImages;
use googlenetc_runtime::error::{ErrorKind, Result};
use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Mode, Network, Probe, Rates};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::nn::{Path, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::train::{Adam, Display, Images, Interrupt, Job, OptimizerConfig, Progress, Recipe, Sgd, train};
use googlenetc_runtime::weights;
use halves::halves;
use one_head::{Logits, MAIN};
use std::sync::Arc;

const WEIGHT: f64 = 0.01;
const BIAS: f64 = 0.5;

/// Images of 64 values regrouped into vectors of `FEATURES`, and a linear layer; `RATED` ones learn at rates of their own.
#[derive(Debug)]
struct OneLayer<const FEATURES: i64, const RATED: bool> {
    fc: nn::Linear,
}

impl<const FEATURES: i64, const RATED: bool> Network for OneLayer<FEATURES, RATED> {
    type Output = Logits;

    const NAME: &'static str = "OneLayer";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [1, 8, 8];
    const CLASSES: i64 = 3;
    const HEADS: &'static [Head] = MAIN;
    const RATES: &'static [Rates] =
        &[Rates { lr: 1.0, decay: 1.0 }, Rates { lr: 0.5, decay: 3.0 }, Rates { lr: 2.0, decay: 0.0 }];

    fn new(p: &Path) -> Self {
        let (weight, bias) = (Init::Constant(WEIGHT), Some(Init::Constant(BIAS)));
        let rates = if RATED { [1, 2] } else { [0, 0] };
        Self { fc: nn::Linear::with_rates(&(p / "fc"), FEATURES, 3, weight, bias, rates) }
    }

    fn forward(&self, x: &Tensor, _: Mode, _: &Probe<'_>) -> Logits {
        Logits(self.fc.forward(&x.reshape([-1, FEATURES])))
    }
}

const RATE: f64 = 0.1;

/// Trains with one step over all images, and returns what that adds to weight and bias.
fn step<N: Network>(optimizer: OptimizerConfig, weight_decay: f64) -> Result<[Vec<f64>; 2]> {
    let folder = tempfile::tempdir().unwrap();
    // Not as many of each class, or the biases would have nothing to learn.
    let dataset = Arc::new(halves(59));
    let images = Images { training: dataset.clone(), held_out: dataset, held_out_name: "test" };
    let (epochs, batch_size, learning_rate) = (1, 59, RATE);
    let recipe = Recipe { epochs, batch_size, optimizer, learning_rate, weight_decay, workers: 1, ..Recipe::default() };
    let (device, interrupt) = (Device::Cpu, Interrupt::default());
    let job = Job { images: &images, recipe: &recipe, pretrained: None, device, folder: folder.path(), interrupt };
    train::<N>(&job, &mut BadImages::default(), &mut Progress::new(Display::None))?;
    let mut store = VarStore::new(Device::Cpu);
    N::new(&store.root());
    weights::load::<N>(&mut store, &folder.path().join("last.safetensors"))?;
    let change = |name: &str, start: f64| {
        let values = store.variables()[name].to_kind(Kind::Double).view(-1);
        Vec::<f64>::try_from(values - start).unwrap()
    };
    Ok([change("fc.weight", WEIGHT), change("fc.bias", BIAS)])
}

#[track_caller]
fn assert_close(actual: &[f64], expected: impl Iterator<Item = f64>) {
    let expected: Vec<f64> = expected.collect();
    assert_eq!(actual.len(), expected.len());
    let close = actual.iter().zip(&expected).all(|(a, e)| (a - e).abs() < 1e-6);
    assert!(close, "{actual:?}, expected {expected:?}");
}

/// Gradient descent takes `lr * (gradient + decay * value)` away, each rate times its factor.
#[test]
fn rates_are_factors_of_learning_and_of_decay() {
    let decay = 0.7;
    let [weight, bias] = step::<OneLayer<64, false>>(OptimizerConfig::Sgd(Sgd::default()), 0.0).unwrap();
    assert!(weight.iter().chain(&bias).all(|change| change.abs() > 1e-6), "{weight:?} {bias:?}");
    let usual = step::<OneLayer<64, false>>(OptimizerConfig::Sgd(Sgd::default()), decay).unwrap();
    assert_close(&usual[0], weight.iter().map(|change| change - RATE * decay * WEIGHT));
    assert_close(&usual[1], bias.iter().map(|change| change - RATE * decay * BIAS));
    let rated = step::<OneLayer<64, true>>(OptimizerConfig::Sgd(Sgd::default()), decay).unwrap();
    assert_close(&rated[0], weight.iter().map(|change| 0.5 * (change - RATE * 3.0 * decay * WEIGHT)));
    assert_close(&rated[1], bias.iter().map(|change| 2.0 * change));
}

/// Adam's first step is the learning rate itself, whatever the gradient.
#[test]
fn adam_has_rates_too() {
    let [weight, bias] = step::<OneLayer<64, true>>(OptimizerConfig::Adam(Adam::default()), 0.0).unwrap();
    assert!(weight.iter().all(|change| (change.abs() - 0.5 * RATE).abs() < 1e-4), "{weight:?}");
    assert!(bias.iter().all(|change| (change.abs() - 2.0 * RATE).abs() < 1e-3), "{bias:?}");
}

#[test]
fn rows_that_are_no_images_are_reported() {
    let error = step::<OneLayer<32, false>>(OptimizerConfig::Sgd(Sgd::default()), 0.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    let message = error.to_string();
    assert!(message.contains("made 118 rows of logits out of 59 images"), "{message}");
}
