//! The Rust side of `tests/python/round_trip.py`, which says what it is for:
//!
//! * `save FOLDER` writes weights of torchvision's GoogLeNet, an input, and the logits of all heads;
//! * `check FOLDER FILE..` loads weights that Python has saved, and compares its logits with ours;
//! * `rename FOLDER FILE` loads weights of the source network tiny-imagenet under its own keys, and saves them so again.
#![expect(clippy::unwrap_used, reason = "a check that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "its result is for a person")]

use googlenetc_runtime::data::{Normalisation, Preparation};
use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor, manual_seed, no_grad};
use googlenetc_runtime::weights::{self, Keys, LoadOptions, SaveOptions};
use std::collections::HashMap;
use std::path::Path;

/// The largest difference that 32-bit numbers may make.
const TOLERANCE: f64 = 1e-4;

/// Torchvision's network.
#[allow(clippy::too_many_lines, reason = "the length is the spec's affair")]
pub mod torchvision {
    googlenetc_runtime::include_network!("googlenet-torchvision");
}

/// One of the source networks.
#[allow(clippy::too_many_lines, reason = "the length is the spec's affair")]
pub mod tiny {
    googlenetc_runtime::include_network!("tiny-imagenet");
}

use tiny::GoogLeNetTinyImageNet;
use torchvision::GoogLeNetTorchvision;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["save", folder] => save(Path::new(folder)),
        ["check", folder, files @ ..] => files.iter().for_each(|file| check(Path::new(folder), file)),
        ["rename", folder, file] => rename(Path::new(folder), file),
        _ => println!("this is run by tests/python/round_trip.py"),
    }
}

fn made<N: Network>() -> (VarStore, N) {
    manual_seed(1);
    let store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    (store, network)
}

fn preparation() -> Preparation {
    Normalisation::new(vec![0.5; 3], vec![0.25; 3]).into()
}

/// The logits of all heads by their names: the training graph, but nothing in it is drawn or moves.
fn logits<N: Network>(network: &N, x: &Tensor) -> Vec<(String, Tensor)> {
    let output = no_grad(|| network.forward(x, Mode::COMPARISON, &Probe::silent()));
    let logits = output.logits().into_iter().map(|logits| logits.unwrap().shallow_clone());
    N::HEADS.iter().map(|head| head.name.to_owned()).zip(logits).collect()
}

fn save(folder: &Path) {
    let (store, network) = made::<GoogLeNetTorchvision>();
    let x = Tensor::randn([2, 3, 224, 224], (Kind::Float, Device::Cpu));
    // So that running statistics are not those of a new network.
    no_grad(|| network.forward(&x, Mode::TRAINING, &Probe::silent()));
    weights::save::<GoogLeNetTorchvision>(&store, &preparation(), &folder.join("rust.safetensors")).unwrap();
    let mut tensors = logits(&network, &x);
    tensors.push(("input".to_owned(), x));
    Tensor::write_safetensors(&tensors, folder.join("rust-logits.safetensors")).unwrap();
}

fn check(folder: &Path, file: &str) {
    let (mut store, network) = made::<GoogLeNetTorchvision>();
    weights::load::<GoogLeNetTorchvision>(&mut store, &folder.join(file)).unwrap();
    let tensors = Tensor::read_safetensors(folder.join("python-logits.safetensors")).unwrap();
    let expected: HashMap<String, Tensor> = tensors.into_iter().collect();
    for (name, logits) in logits(&network, &expected["input"]) {
        let difference = (logits - &expected[&name]).abs().max().double_value(&[]);
        println!("Python to Rust, {file}, {name}: largest difference {difference:.2e}");
        assert!(difference <= TOLERANCE);
    }
}

fn rename(folder: &Path, file: &str) {
    let (mut store, _network) = made::<GoogLeNetTinyImageNet>();
    let keys = Keys::read(&folder.join("keys.csv")).unwrap();
    let options = LoadOptions { keys: Some(keys.clone()), ..LoadOptions::default() };
    weights::load_with::<GoogLeNetTinyImageNet>(&mut store, &folder.join(file), &options).unwrap();
    let path = folder.join("renamed.safetensors");
    let options = SaveOptions { keys: Some(keys), ..SaveOptions::default() };
    weights::save_with::<GoogLeNetTinyImageNet>(&store, &preparation(), &path, &options).unwrap();
}
