//! What recipes ask for beside an optimizer: accumulation, clipping, averages, frozen parts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod common;
mod halves;
mod left;
mod one_head;

use alone::alone;
use common::Tiny;
use googlenetc_runtime::data::{BadImages, ImageSteps, Source, yaml};
use googlenetc_runtime::error::Result;
use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::nn::Linear;
use googlenetc_runtime::tch::nn::Path;
use googlenetc_runtime::tch::{Device, Tensor};
use googlenetc_runtime::train::{Display, EpochResult, Images, Interrupt, Job, Progress, Recipe, resume, train};
use halves::halves;
use left::weights_in;
use one_head::{Logits, MAIN};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path as File;
use std::sync::Arc;

/// A linear layer.
#[derive(Debug)]
struct Line(Linear);

impl Network for Line {
    type Output = Logits;

    const NAME: &'static str = "Line";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [1, 8, 8];
    const CLASSES: i64 = 3;
    const HEADS: &'static [Head] = MAIN;

    fn new(p: &Path<'_>) -> Self {
        Self(Linear::new(&(p / "fc"), 64, 3, Init::PyTorch, Some(Init::PyTorch)))
    }

    fn forward(&self, x: &Tensor, _: Mode, _: &Probe<'_>) -> Logits {
        Logits(self.0.forward(&x.flatten(1, -1)))
    }
}

fn recipe(said: &str) -> Recipe {
    let mut text = said.to_owned();
    for usual in ["optimizer: sgd", "learning_rate: 0.05", "schedule: constant", "seed: 3", "workers: 1"] {
        if usual.split_once(' ').is_some_and(|(key, _)| !said.lines().any(|line| line.starts_with(key))) {
            text = format!("{text}\n{usual}");
        }
    }
    let recipe: Recipe = yaml::parse(&text, "test").unwrap();
    Recipe { images: ImageSteps::default(), ..recipe }
}

/// Trains on 75 images, or goes on with that.
fn run<N: Network>(recipe: &Recipe, folder: &File, goes_on: bool) {
    try_run::<N>(recipe, folder, goes_on).unwrap();
}

fn try_run<N: Network>(recipe: &Recipe, folder: &File, goes_on: bool) -> Result<Vec<EpochResult>> {
    let _guard = alone();
    let source: Arc<dyn Source> = Arc::new(halves(75));
    let images = Images { training: source.clone(), held_out: source, held_out_name: "test" };
    let job =
        Job { images: &images, recipe, pretrained: None, device: Device::Cpu, folder, interrupt: Interrupt::default() };
    let done = if goes_on { resume::<N> } else { train::<N> };
    done(&job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

/// The weights that a run leaves.
fn left_by<N: Network>(said: &str) -> BTreeMap<String, Vec<f64>> {
    let folder = tempfile::tempdir().unwrap();
    run::<N>(&recipe(said), folder.path(), false);
    weights_in::<N>(folder.path())
}

fn difference(a: &BTreeMap<String, Vec<f64>>, b: &BTreeMap<String, Vec<f64>>) -> f64 {
    assert!(a.keys().eq(b.keys()));
    let pairs = a.values().flatten().zip(b.values().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// 75 images are four full steps and one of 11 images.
#[test]
fn two_batches_of_8_teach_what_one_of_16_does() {
    let whole = left_by::<Line>("epochs: 2\nbatch_size: 16");
    let halves = left_by::<Line>("epochs: 2\nbatch_size: 8\naccumulate: 2");
    assert!(difference(&whole, &halves) < 1e-6, "{}", difference(&whole, &halves));
    assert!(difference(&whole, &left_by::<Line>("epochs: 2\nbatch_size: 8")) > 1e-3);
}

#[test]
fn a_run_leaves_the_average() {
    let [one, two, three] = [1, 2, 3].map(|epochs| left_by::<Line>(&format!("epochs: {epochs}")));
    let average = left_by::<Line>("epochs: 3\naveraging: {polyak: {}, from: {epochs: 1}, every: {epochs: 1}}");
    for (name, average) in &average {
        for (i, average) in average.iter().enumerate() {
            let expected = f64::midpoint(two[name][i], three[name][i]);
            assert!((average - expected).abs() < 1e-6, "{name}");
        }
    }
    // As long as there is no average, the weights themselves.
    let late = left_by::<Line>("epochs: 1\naveraging: {polyak: {}, from: {epochs: 1}}");
    assert!(difference(&late, &one) < 1e-12);
}

#[test]
fn a_clipped_gradient_leads_less_far() {
    let sgd = "epochs: 1\nbatch_size: 75\noptimizer: {sgd: {momentum: 0}}\nlearning_rate: 100\n";
    // The first run shows where all begin: it hardly moves.
    let begin = left_by::<Line>(&format!("{sgd}clip: {{norm: 1.0e-12}}"));
    let end = left_by::<Line>(&format!("{sgd}clip: {{norm: 1.0e-3}}"));
    let way: f64 =
        begin.iter().flat_map(|(name, begin)| begin.iter().zip(&end[name])).map(|(a, b)| (a - b).powi(2)).sum();
    assert!((way.sqrt() - 0.1).abs() < 1e-3, "{}", way.sqrt());
}

#[test]
fn frozen_parts_stay_as_they_were() {
    let begin = left_by::<Tiny>("epochs: 1\nfreeze: [conv1]\nfreeze_statistics: true\nclip: {norm: 1.0e-60}");
    let end = left_by::<Tiny>("epochs: 2\nfreeze: [conv1]\nfreeze_statistics: true\nstages: {aux1: {lr: 0}}");
    let changed: Vec<&String> = begin.keys().filter(|name| begin[*name] != end[*name]).collect();
    assert_eq!(changed, ["main.fc.bias", "main.fc.weight"]);
    let folder = tempfile::tempdir().unwrap();
    let error = try_run::<Tiny>(&recipe("freeze: ['*']"), folder.path(), false).unwrap_err().to_string();
    assert!(error.contains("nothing is left to learn"), "{error}");
}

/// With all of it at once.
#[test]
fn every_checkpoint_leads_to_the_same_end() {
    let recipe = recipe(
        "epochs: 3\nbatch_size: 8\naccumulate: 2\nclip: {norm: 1.0}\noptimizer: adamw\nlearning_rate: 0.01\nweight_decay: 0.1\n\
         label_smoothing: 0.1\nschedule: one-cycle\naveraging: {ema: {decay: 0.8}, from: {steps: 3}, update_bn: {epochs: 1}}\n\
         checkpoints: {every: {steps: 1}, keep: 100}",
    );
    let whole = tempfile::tempdir().unwrap();
    run::<Tiny>(&recipe, whole.path(), false);
    let left =
        |folder: &File| ["last", "best"].map(|name| fs::read(folder.join(format!("{name}.safetensors"))).unwrap());
    for step in [2, 5, 8, 10] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("checkpoints")).unwrap();
        let name = format!("checkpoints/step-{step:08}.safetensors");
        fs::copy(whole.path().join(&name), folder.path().join(&name)).unwrap();
        run::<Tiny>(&recipe, folder.path(), true);
        assert!(left(folder.path()) == left(whole.path()), "from step {step}");
    }
}
