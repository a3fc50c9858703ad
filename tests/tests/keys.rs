//! The weights of the five source networks, under the keys and in the shapes of their own files: `data/models`.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use googlenetc::layout;
use googlenetc_dsl::source::Sources;
use googlenetc_runtime::data::Normalisation;
use googlenetc_runtime::network::Network;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::variables;
use googlenetc_runtime::weights::{self, Keys, LoadOptions, SaveOptions};
use googlenetc_tests::{network, text};
use serde_json::Value;

/// A module with the generated code, and a test.
macro_rules! source_networks {
    ($($module:ident: $name:literal $network:ident)*) => {$(
        /// The network.
        #[allow(clippy::too_many_lines, reason = "the length is the spec's affair")]
        pub mod $module {
            googlenetc_runtime::include_network!($name);
        }

        #[test]
        fn $module() {
            travels::<$module::$network>($name);
        }
    )*};
}

source_networks! {
    tiny_imagenet: "tiny-imagenet" GoogLeNetTinyImageNet
    fashion_mnist: "fashion-mnist" GoogLeNetFashionMnist
    fashion_mnist_sequential: "fashion-mnist-sequential" GoogLeNetFashionMnistSequential
    batch_norm: "batch-norm" GoogLeNetBatchNorm
    bias_aux: "bias-aux" GoogLeNetBiasAux
}

/// The list that `googlenetc report --layout` writes.
fn list(name: &str) -> String {
    let file = format!("specs/layouts/{name}.yaml");
    let mut sources = Sources::new();
    let id = sources.add(file.as_str(), text(&file));
    let layout = layout::read(&sources, id).0.unwrap();
    let variables = googlenetc::report::report(&network(&format!("specs/{name}.yaml"))).variables;
    let keys = layout.keys(&variables).unwrap_or_else(|found| panic!("{found:?}"));
    serde_json::to_string(&keys).unwrap()
}

/// Keys and shapes in PyTorch's order.
fn state(name: &str) -> Vec<(String, Vec<i64>)> {
    let data: Value = serde_json::from_str(&text(&format!("tests/data/models/{name}.json"))).unwrap();
    let lines = data["state"].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
    let shape = |sizes: &str| sizes.split('x').map(|size| size.parse().unwrap()).collect();
    lines
        .map(|line| line.split_once(' ').map_or((line.into(), vec![]), |(key, sizes)| (key.into(), shape(sizes))))
        .collect()
}

/// A file of that network, in which the tensor at position `k` holds nothing but `k`, is loaded and saved.
fn travels<N: Network>(name: &str) {
    let (list, state) = (list(name), state(name));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign.safetensors");
    let tensors = (0..).zip(&state).map(|(k, (key, shape))| {
        let kind = if key.ends_with("num_batches_tracked") { Kind::Int64 } else { Kind::Float };
        (key.clone(), Tensor::full(shape, k, (kind, Device::Cpu)))
    });
    Tensor::write_safetensors(&tensors.collect::<Vec<_>>(), &path).unwrap();

    let mut store = VarStore::new(Device::Cpu);
    N::new(&store.root());
    assert!(weights::load::<N>(&mut store, &path).is_err(), "our names are others");
    let keys = Keys::parse(&list).unwrap();
    let options = LoadOptions { keys: Some(keys.clone()), ..LoadOptions::default() };
    weights::load_with::<N>(&mut store, &path, &options).unwrap();
    let position = |key: &str| state.iter().position(|(other, _)| other == key).unwrap();
    for (variable, tensor) in variables::in_order(&store) {
        let expected = Tensor::full_like(&tensor, i64::try_from(position(keys.key_of(&variable).unwrap())).unwrap());
        assert!(tensor.equal(&expected), "{variable}");
    }

    let normalisation = Normalisation::new(vec![0.5; 3], vec![0.5; 3]);
    let naming = SaveOptions { keys: Some(keys.clone()), ..SaveOptions::default() };
    weights::save_with::<N>(&store, &normalisation.into(), &path, &naming).unwrap();
    let saved: BTreeMap<String, Vec<i64>> =
        Tensor::read_safetensors(&path).unwrap().into_iter().map(|(key, tensor)| (key, tensor.size())).collect();
    assert_eq!(saved, state.into_iter().collect());
}
