//! Saving and loading weights: strictly, in part, under other keys, in PyTorch's formats, and out of hostile files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../common/mod.rs"]
mod common;

mod hostile;
mod keys;
mod options;
mod pytorch;
mod strict;

use common::Tiny;
use googlenetc_runtime::data::{Normalisation, Preparation};
use googlenetc_runtime::network::Network;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::variables;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn store<N: Network>(seed: i64) -> (VarStore, N) {
    tch::manual_seed(seed);
    let store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    (store, network)
}

fn preparation() -> Preparation {
    Normalisation::new(vec![0.25], vec![0.1]).into()
}

fn contents(store: &VarStore) -> Vec<(String, Vec<f32>)> {
    variables::in_order(store).into_iter().map(|(name, tensor)| (name, numbers(&tensor))).collect()
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    Vec::try_from(tensor.to_kind(Kind::Float).contiguous().view(-1)).unwrap()
}

/// A file of `tests/data`, which PyTorch made.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Types and shapes of the tensors of a file that fits `Tiny`.
fn tiny_tensors() -> BTreeMap<String, (Dtype, Vec<usize>)> {
    let (store, _network) = store::<Tiny>(1);
    let sizes = |tensor: &Tensor| tensor.size().iter().map(|&n| usize::try_from(n).unwrap()).collect();
    variables::in_order(&store).into_iter().map(|(name, tensor)| (name, (Dtype::F32, sizes(&tensor)))).collect()
}

/// Writes a safetensors file of zeros.
fn write_zeros(path: &Path, tensors: &BTreeMap<String, (Dtype, Vec<usize>)>) {
    let zeros = [0; 4096];
    let views = tensors.iter().map(|(name, (dtype, shape))| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        (name, TensorView::new(*dtype, shape.clone(), &zeros[..bytes]).unwrap())
    });
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

#[track_caller]
fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{message}` does not say `{part}`");
    }
}
