//! A network begins with the weights of one that was trained for other classes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod halves;
mod left;
mod one_head;

use alone::alone;
use googlenetc_runtime::data::{BadImages, Source, yaml};
use googlenetc_runtime::error::Result;
use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::nn::{BatchNorm2d, Conv2d, ConvOptions, Linear};
use googlenetc_runtime::tch::nn::Path;
use googlenetc_runtime::tch::{Device, Tensor};
use googlenetc_runtime::train::{Display, EpochResult, Images, Interrupt, Job, Pretrained, Progress, resume, train};
use googlenetc_runtime::weights::LoadOptions;
use halves::halves;
use left::weights_in;
use one_head::{Logits, MAIN};
use std::fs;
use std::path::Path as File;
use std::sync::Arc;

#[derive(Debug)]
struct Net<const CLASSES: i64> {
    conv: Conv2d,
    bn: BatchNorm2d,
    fc: Linear,
}

impl<const CLASSES: i64> Network for Net<CLASSES> {
    type Output = Logits;

    const NAME: &'static str = "Net";
    const SPEC_HASH: &'static str = if CLASSES == 3 { "33333333" } else { "55555555" };
    const INPUT: [i64; 3] = [1, 8, 8];
    const CLASSES: i64 = CLASSES;
    const HEADS: &'static [Head] = MAIN;

    fn new(p: &Path<'_>) -> Self {
        let options = ConvOptions {
            kernel: [3, 3],
            stride: [2, 2],
            padding: [1, 1, 1, 1],
            dilation: [1, 1],
            groups: 1,
            weight_init: Init::PyTorch,
            bias_init: None,
        };
        Self {
            conv: Conv2d::new(&(p / "stem" / "conv"), 1, 4, options),
            bn: BatchNorm2d::new(&(p / "stem" / "bn"), 4, 1e-5, 0.1),
            fc: Linear::new(&(p / "fc"), 64, CLASSES, Init::PyTorch, Some(Init::PyTorch)),
        }
    }

    fn forward(&self, x: &Tensor, mode: Mode, _: &Probe<'_>) -> Logits {
        let x = self.bn.forward(&self.conv.forward(x), mode.batch_statistics).relu();
        Logits(self.fc.forward(&x.flatten(1, -1)))
    }
}

type Go = fn(&Job, &mut BadImages, &mut Progress) -> Result<Vec<EpochResult>>;

/// Trains on 60 images as `said`, in `folder`.
fn run(go: Go, said: &str, folder: &File, pretrained: Option<&Pretrained>) -> Result<Vec<EpochResult>> {
    let _guard = alone();
    let recipe = yaml::parse(&format!("workers: 1\nepochs: 2\n{said}"), "test").unwrap();
    let source: Arc<dyn Source> = Arc::new(halves(60));
    let images = Images { training: source.clone(), held_out: source, held_out_name: "test" };
    let interrupt = Interrupt::default();
    let job = Job { images: &images, recipe: &recipe, pretrained, device: Device::Cpu, folder, interrupt };
    go(&job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

/// The folder of a run over three classes, and its weights to begin with.
fn three_classes() -> (tempfile::TempDir, Pretrained) {
    let folder = tempfile::tempdir().unwrap();
    run(train::<Net<3>>, "normalise: {mean: [0.25], std: [0.5]}", folder.path(), None).unwrap();
    let path = folder.path().join("last.safetensors");
    (folder, Pretrained { path, options: LoadOptions { partial: true, ..LoadOptions::default() } })
}

#[test]
fn a_frozen_stem_of_another_class_count_stays_bit_for_bit() {
    let (three, pretrained) = three_classes();
    let five = tempfile::tempdir().unwrap();
    run(train::<Net<5>>, "freeze: [stem]\nfreeze_statistics: true", five.path(), Some(&pretrained)).unwrap();
    let (before, after) = (weights_in::<Net<3>>(three.path()), weights_in::<Net<5>>(five.path()));
    let stem: Vec<&String> = after.keys().filter(|name| name.starts_with("stem.")).collect();
    assert_eq!(stem.len(), 5, "{stem:?}");
    for name in stem {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!((before["fc.bias"].len(), after["fc.bias"].len()), (3, 5));

    let log = fs::read_to_string(five.path().join("log.txt")).unwrap();
    assert!(log.contains("wrong shape: `fc.weight` is [3, 64], the network has [5, 64]"), "{log}");
    let about = fs::read_to_string(five.path().join("run.json")).unwrap();
    assert!(about.contains("\"pretrained\""), "{about}");
    let recipe = fs::read_to_string(five.path().join("recipe.yaml")).unwrap();
    let normalisation = recipe.split_once("normalise:").unwrap().1;
    assert!(normalisation.contains("0.25") && normalisation.contains("0.5"), "{recipe}");
}

/// What is not frozen learns, as fast as its stage is said to.
#[test]
fn stages_learn_at_their_rates_from_the_weights() {
    let (three, pretrained) = three_classes();
    let before = weights_in::<Net<3>>(three.path());
    let way = |said: &str| {
        let folder = tempfile::tempdir().unwrap();
        let one_step =
            "steps: 1\nbatch_size: 60\nschedule: constant\noptimizer: {sgd: {momentum: 0}}\nlearning_rate: 0.001\n";
        run(train::<Net<5>>, &format!("{one_step}{said}"), folder.path(), Some(&pretrained)).unwrap();
        let after = weights_in::<Net<5>>(folder.path());
        let pairs = before["stem.conv.weight"].iter().zip(&after["stem.conv.weight"]);
        pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let (whole, tenth) = (way(""), way("stages: {stem: {lr: 0.1}}"));
    assert!(whole > 1e-6 && (tenth / whole - 0.1).abs() < 1e-3, "{whole} {tenth}");
}

#[test]
fn what_does_not_fit_is_refused_unless_a_part_is_asked_for() {
    let (_three, pretrained) = three_classes();
    let strict = Pretrained { options: LoadOptions::default(), ..pretrained };
    let folder = tempfile::tempdir().unwrap();
    let error = run(train::<Net<5>>, "", folder.path(), Some(&strict)).unwrap_err().to_string();
    for part in ["wrong number of classes: 3, the network has 5", "wrong shape: `fc.bias`", "`partial` loads what fits"]
    {
        assert!(error.contains(part), "{error}");
    }
    let nowhere = Pretrained { path: "nowhere.safetensors".into(), ..strict };
    let error = run(train::<Net<5>>, "", folder.path(), Some(&nowhere)).unwrap_err().to_string();
    assert!(error.contains("nowhere.safetensors"), "{error}");
}

/// A checkpoint has all that there is to know: the file of weights may be gone.
#[test]
fn a_run_from_weights_goes_on_without_them() {
    let (three, pretrained) = three_classes();
    let [whole, stopped] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let said = "checkpoints: {every: {epochs: 1}, keep: 9}";
    run(train::<Net<5>>, said, whole.path(), Some(&pretrained)).unwrap();
    drop(three);
    let checkpoints = stopped.path().join("checkpoints");
    fs::create_dir(&checkpoints).unwrap();
    let name = "step-00000002.safetensors";
    fs::copy(whole.path().join("checkpoints").join(name), checkpoints.join(name)).unwrap();
    let normalise = "normalise: {mean: [0.25], std: [0.5]}";
    run(resume::<Net<5>>, &format!("{said}\n{normalise}"), stopped.path(), None).unwrap();
    assert_eq!(weights_in::<Net<5>>(whole.path()), weights_in::<Net<5>>(stopped.path()));
}
