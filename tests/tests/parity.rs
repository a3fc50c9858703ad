//! Generated modules compute what PyTorch computes: seven networks, filled by a formula instead of trained, held against what
//! PyTorch 2.13 and torchvision 0.28 made of the same numbers (`tests/data/parity`).
//!
//! In double precision nothing may differ by more than 1e-9: what every module of PyTorch's gives, logits, losses, the gradient
//! of every parameter, and the running statistics behind one training pass. `docs/parity.md` is this test in words.
#![expect(clippy::print_stdout, reason = "the deviations, with `--nocapture`")]

mod truth;

use googlenetc::layout::Key;
use googlenetc_runtime::device::find;
use googlenetc_runtime::network::{Heads, Mode, Network, Statistics};
use googlenetc_runtime::tch::{self, Device, Kind, Tensor, no_grad};
use serde_json::Value;
use truth::comparison::{Comparison, What, relative};
use truth::fill::{self, SEED};
use truth::modules::Modules;
use truth::network::Filled;
use truth::{json, list, number, word};

macro_rules! generated {
    ($($module:ident $name:literal)*) => {
        $(#[doc = concat!("The code of the embedded spec `", $name, "`.")]
        #[allow(clippy::similar_names, clippy::struct_field_names, reason = "names are the spec's affair")]
        pub mod $module {
            googlenetc_runtime::include_network!($name);
        })*
    };
}

generated! {
    tiny_imagenet "tiny-imagenet"
    fashion_mnist_sequential "fashion-mnist-sequential"
    fashion_mnist "fashion-mnist"
    batch_norm "batch-norm"
    bias_aux "bias-aux"
    torchvision_googlenet "googlenet-torchvision"
    torchvision_inception_v3 "inception-v3"
}

// Modules with mistakes in them, and a test for each; `build.rs` writes them from `mistakes.rs`.
include!(concat!(env!("OUT_DIR"), "/mistakes.rs"));

/// Double precision leaves room for another order of summation and no more.
const TOLERANCE: f64 = 1e-9;

/// The modes of the reference; each is there for the networks for which it differs from those before.
const MODES: [(&str, Mode); 3] = [
    ("eval", Mode::INFERENCE),
    ("train_bn_eval", Mode::COMPARISON),
    ("train_bn_batch", Mode { training: true, dropout: false, batch_statistics: Statistics::Batch }),
];

/// How many things there are to compare, so that the comparison cannot shrink unnoticed.
struct Counts {
    /// Calls of modules at inference and in the training graph.
    modules: [usize; 2],
    /// Heads that give logits at inference and in the training graph.
    heads: [usize; 2],
    /// Parameters, each with its gradient.
    parameters: usize,
    /// Batch normalisations.
    normalisations: usize,
}

/// Compares the network `N`, which the reference calls `model` and whose tensors `layout` names.
fn compare<N: Network>(model: &str, layout: &str, counts: &Counts) {
    set_threads();
    let reference = json(&format!("parity/{model}.seed1.json"));
    let modules = Modules::of(model);
    let device = device();
    let mut filled = Filled::<N>::new(layout, device);
    assert_eq!(filled.state(), state(model), "names, shapes and order of the state dict");
    if layout == "pytorch" {
        let named_otherwise = |key: &&Key| key.variable.as_ref().is_some_and(|variable| *variable != key.key);
        assert_eq!(filled.keys.iter().find(named_otherwise), None, "our names are PyTorch's");
    }
    let runs: Vec<(&str, Mode)> =
        MODES.into_iter().filter(|(name, _)| reference["modes"].get(name).is_some()).collect();
    assert_eq!(runs.len(), if counts.normalisations > 0 { 3 } else { 2 });
    for (name, mode) in &runs {
        filled.reset(Kind::Float);
        let tolerance =
            if model == "torchvision-inception-v3" && mode.batch_statistics == Statistics::Batch { 2e-3 } else { 1e-3 };
        let comparison = single(&filled, &modules, *mode, tolerance, &reference["modes"][name]);
        report(model, name, "single", &comparison);
        let heads = counts.heads[usize::from(mode.training)];
        assert_eq!(comparison.tally(What::Logits).things, 2 * heads);
        assert_eq!(comparison.tally(What::Losses).things, if mode.training { heads + 1 } else { 0 });
    }
    if device != Device::Cpu {
        return;
    }
    filled.reset(Kind::Double);
    is_filled(&filled, &reference);
    for (name, mode) in &runs {
        filled.reset(Kind::Double);
        let comparison = double(&filled, &modules, *mode, &reference["modes"][name]);
        report(model, name, "double", &comparison);
        let graph = usize::from(mode.training);
        let things = |what| comparison.tally(what).things;
        assert_eq!(things(What::Modules), counts.modules[graph]);
        assert_eq!(things(What::Logits), 2 * counts.heads[graph]);
        assert_eq!(things(What::Losses), if mode.training { counts.heads[graph] + 1 } else { 0 });
        assert_eq!(things(What::Gradients), if mode.training { counts.parameters } else { 0 });
        assert_eq!(
            things(What::RunningStatistics),
            if mode.batch_statistics == Statistics::Batch { counts.normalisations } else { 0 }
        );
    }
}

/// Tests run beside each other; threads of libtorch's that wait for one another would keep the cores busy. With
/// `PARITY_THREADS=4` each test uses four, and sums come about in another order than in the reference.
fn set_threads() {
    let threads = std::env::var("PARITY_THREADS").ok().map(|text| text.parse().expect("PARITY_THREADS is a number"));
    tch::set_num_threads(threads.unwrap_or(1));
}

/// Where networks run: on the processor, or where `PARITY_DEVICE=cuda:0` says. There single precision alone is compared.
fn device() -> Device {
    let asked_for = std::env::var("PARITY_DEVICE").unwrap_or_else(|_| "cpu".into());
    find(asked_for.parse().expect("PARITY_DEVICE is a device")).expect("the device works")
}

/// The tensors of a state dict with their shapes.
fn state(model: &str) -> Vec<String> {
    list(&json(&format!("models/{model}.json"))["state"]).iter().map(|line| word(line).to_owned()).collect()
}

/// The formula has filled ours as it has filled PyTorch's.
fn is_filled<N: Network>(filled: &Filled<N>, reference: &Value) {
    let mut comparison = Comparison::new(TOLERANCE);
    let input = fill::input(N::INPUT);
    let mut numbers = vec![relative(input.sum(None).double_value(&[]), number(&reference["input"]["sum"]))];
    let flat = input.view(-1);
    for (index, theirs) in (0..).zip(list(&reference["input"]["first8"])) {
        numbers.push(relative(flat.double_value(&[index]), number(theirs)));
    }
    comparison.thing(What::Modules, "input", &numbers);
    let [sum, absolute] = filled.sums();
    let weights = &reference["weights"];
    let numbers = [relative(sum, number(&weights["sum_all"])), relative(absolute, number(&weights["abs_sum_all"]))];
    comparison.thing(What::Modules, "parameters", &numbers);
    assert!(comparison.failures.is_empty(), "{:#?}", comparison.failures);
    assert_eq!(Some(filled.keys.len() as u64), weights["tensors"].as_u64());
}

/// Everything that is there, in double precision.
fn double<N: Network>(filled: &Filled<N>, modules: &Modules, mode: Mode, truth: &Value) -> Comparison {
    let mut comparison = Comparison::new(TOLERANCE);
    let pass = filled.pass(mode);
    pass.compare_modules(modules, truth, &mut comparison);
    pass.compare_logits(modules, truth, &mut comparison, relative);
    if mode.training {
        filled.compare_learning(&pass, truth, &mut comparison);
    }
    if mode.batch_statistics == Statistics::Batch {
        filled.compare_running_statistics(truth, &mut comparison);
    }
    comparison
}

/// Logits and losses in single precision, with a tolerance that is absolute.
fn single<N: Network>(filled: &Filled<N>, modules: &Modules, mode: Mode, tolerance: f64, truth: &Value) -> Comparison {
    let absolute = |ours, theirs| (ours, theirs, 1.0);
    let mut comparison = Comparison::new(tolerance);
    no_grad(|| {
        let pass = filled.silent_pass(mode);
        pass.compare_logits(modules, truth, &mut comparison, absolute);
        if mode.training {
            pass.compare_losses(truth, &mut comparison, absolute);
        }
    });
    comparison
}

fn report(model: &str, mode: &str, precision: &str, comparison: &Comparison) {
    println!("{model}, {mode}, {precision} precision\n{comparison}");
    assert!(comparison.failures.is_empty(), "{model}, {mode}, {precision} precision: {:#?}", comparison.failures);
}

/// A network with a mistake differs from PyTorch's, first where the mistake is, and its logits from those of the network without
/// it by as much as in PyTorch.
fn notices<N: Network, Mistaken: Network>(model: &str, layout: &str, place: usize, first: &str) {
    set_threads();
    let recorded = &json("parity/sensitivity.json")[place];
    assert_eq!(word(&recorded["model"]), model);
    let truth = &json(&format!("parity/{model}.seed1.json"))["modes"]["eval"];
    let modules = Modules::of(model);
    let mut right = Filled::<N>::new(layout, Device::Cpu);
    let mut mistaken = Filled::<Mistaken>::like(&right);
    right.reset(Kind::Double);
    mistaken.reset(Kind::Double);
    let (right, mistaken) = no_grad(|| (right.silent_pass(Mode::INFERENCE), mistaken.pass(Mode::INFERENCE)));

    let mut comparison = Comparison::new(TOLERANCE);
    mistaken.compare_modules(&modules, truth, &mut comparison);
    mistaken.compare_logits(&modules, truth, &mut comparison, relative);
    let noticed = comparison.failures.first().expect("something differs");
    assert!(noticed.contains(&format!("`{first}`")), "{noticed}");

    let change = largest_change(&right.output, &mistaken.output);
    let theirs = number(&recorded["max_abs_logit_change"]);
    println!("{}, {}: a logit moves by {change:.6}, in PyTorch by {theirs:.6}", model, recorded["mistake"]);
    assert!((change - theirs).abs() < 1e-6 * theirs, "a logit moves by {change}, in PyTorch by {theirs}");
}

/// By how much the logits of the first sample differ at most.
fn largest_change(ours: &impl Heads, others: &impl Heads) -> f64 {
    let pairs = ours.logits().into_iter().zip(others.logits());
    let change = |(ours, other): (Option<&Tensor>, Option<&Tensor>)| {
        Some((ours?.get(0) - other?.get(0)).abs().max().double_value(&[]))
    };
    pairs.filter_map(change).fold(0.0, f64::max)
}

#[test]
fn the_formula_gives_the_numbers_of_its_test_vectors() {
    let vectors = json("parity/fill_vectors.json");
    assert_eq!(list(&vectors).len(), 64);
    for vector in list(&vectors) {
        let [seed, i] = [&vector["seed"], &vector["i"]].map(|value| value.as_u64().expect("a count"));
        let k = vector["k"].as_i64().expect("a place");
        assert_eq!(fill::uniform(seed, k, i).to_bits(), number(&vector["u"]).to_bits(), "{vector}");
    }
    assert!(list(&vectors).iter().any(|vector| vector["seed"].as_u64() == Some(SEED)));
}

#[test]
fn tiny_imagenet() {
    let counts = Counts { modules: [171, 171], heads: [1, 1], parameters: 116, normalisations: 0 };
    compare::<tiny_imagenet::GoogLeNetTinyImageNet>("tiny-imagenet", "tiny-imagenet", &counts);
}

#[test]
fn fashion_mnist_sequential() {
    let counts = Counts { modules: [89, 89], heads: [1, 1], parameters: 116, normalisations: 0 };
    let name = "fashion-mnist-sequential";
    compare::<fashion_mnist_sequential::GoogLeNetFashionMnistSequential>(name, name, &counts);
}

#[test]
fn fashion_mnist() {
    let counts = Counts { modules: [173, 173], heads: [1, 1], parameters: 116, normalisations: 0 };
    compare::<fashion_mnist::GoogLeNetFashionMnist>("fashion-mnist", "fashion-mnist", &counts);
}

#[test]
fn batch_norm() {
    let counts = Counts { modules: [363, 363], heads: [3, 3], parameters: 187, normalisations: 59 };
    compare::<batch_norm::GoogLeNetBatchNorm>("batch-norm", "batch-norm", &counts);
}

#[test]
fn bias_aux() {
    let counts = Counts { modules: [224, 237], heads: [1, 3], parameters: 128, normalisations: 0 };
    compare::<bias_aux::GoogLeNetBiasAux>("bias-aux", "bias-aux", &counts);
}

#[test]
fn torchvision_googlenet() {
    let counts = Counts { modules: [224, 237], heads: [1, 3], parameters: 187, normalisations: 59 };
    compare::<torchvision_googlenet::GoogLeNetTorchvision>("torchvision-googlenet", "pytorch", &counts);
}

#[test]
fn torchvision_inception_v3() {
    let counts = Counts { modules: [299, 306], heads: [1, 2], parameters: 292, normalisations: 96 };
    compare::<torchvision_inception_v3::InceptionV3>("torchvision-inception-v3", "pytorch", &counts);
}
