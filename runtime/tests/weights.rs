//! Saving, and loading strictly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use common::{Tiny, TinyOutput};
use googlenetc_runtime::data::Normalisation;
use googlenetc_runtime::error::ErrorKind;
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::{Path, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use googlenetc_runtime::{variables, weights};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;

fn store<N: Network>(seed: i64) -> (VarStore, N) {
    tch::manual_seed(seed);
    let store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    (store, network)
}

fn normalisation() -> Normalisation {
    Normalisation { mean: vec![0.25], std: vec![0.1] }
}

fn contents(store: &VarStore) -> Vec<(String, Vec<f32>)> {
    let values = |tensor: Tensor| Vec::try_from(tensor.contiguous().view(-1)).unwrap();
    variables::in_order(store).into_iter().map(|(name, tensor)| (name, values(tensor))).collect()
}

#[test]
fn what_is_saved_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, network) = store::<Tiny>(1);
    // Running statistics move, so that buffers differ from fresh ones too.
    network.forward(&Tensor::randn([4, 1, 8, 8], (Kind::Float, Device::Cpu)), Mode::TRAINING, &Probe::silent());
    weights::save::<Tiny>(&saved, &normalisation(), &path).unwrap();
    let (mut fresh, _) = store::<Tiny>(2);
    assert_ne!(contents(&fresh), contents(&saved));
    let loaded = weights::load::<Tiny>(&mut fresh, &path).unwrap();
    assert_eq!(contents(&fresh), contents(&saved));
    let metadata = loaded.metadata.unwrap();
    assert_eq!((metadata.network.as_str(), metadata.spec_hash.as_str(), metadata.classes), ("Tiny", "0123abcd", 3));
    assert_eq!((metadata.normalisation, loaded.warning), (normalisation(), None));
}

#[test]
fn nothing_but_the_file_is_left_and_the_same_weights_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &normalisation(), &path).unwrap();
    let first = std::fs::read(&path).unwrap();
    weights::save::<Tiny>(&saved, &normalisation(), &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let tensors = SafeTensors::deserialize(&first).unwrap();
    // 54 and 4 times 6 for conv1, 288 and 3 for main.fc, 18 and 3 for aux1.fc.
    assert_eq!(tensors.iter().map(|(_, view)| view.data().len()).sum::<usize>(), 4 * (54 + 24 + 291 + 21));
}

#[test]
fn everything_that_does_not_fit_is_in_one_error_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    let mut shapes: BTreeMap<String, (Dtype, Vec<usize>)> = variables::in_order(&fresh)
        .into_iter()
        .map(|(name, tensor)| {
            (name, (Dtype::F32, tensor.size().iter().map(|&n| usize::try_from(n).unwrap()).collect()))
        })
        .collect();
    shapes.remove("conv1.bn.running_var");
    shapes.insert("main.fc.weight".to_owned(), (Dtype::F32, vec![96, 3]));
    shapes.insert("main.fc.bias".to_owned(), (Dtype::F64, vec![3]));
    shapes.insert("softmax.weight".to_owned(), (Dtype::F32, vec![2]));
    let zeros = [0; 4096];
    let views = shapes.iter().map(|(name, (dtype, shape))| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        (name, TensorView::new(*dtype, shape.clone(), &zeros[..bytes]).unwrap())
    });
    std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();

    let before = contents(&fresh);
    let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
    assert_eq!((error.kind(), contents(&fresh)), (ErrorKind::Failed, before));
    let message = error.to_string();
    for part in [
        "bad.safetensors` does not fit `Tiny`, 4 problems:",
        "missing: `conv1.bn.running_var`",
        "wrong shape: `main.fc.weight` is [96, 3], the network has [3, 96]",
        "wrong type: `main.fc.bias` is F64, the network has F32",
        "unexpected: `softmax.weight`",
    ] {
        assert!(message.contains(part), "`{message}` does not say `{part}`");
    }
}

/// The same tensors from another version of the spec.
#[derive(Debug)]
struct Newer(Tiny);

impl Network for Newer {
    type Output = TinyOutput;

    const NAME: &'static str = "Tiny";
    const SPEC_HASH: &'static str = "4567";
    const INPUT: [i64; 3] = Tiny::INPUT;
    const CLASSES: i64 = Tiny::CLASSES;
    const HEADS: &'static [Head] = Tiny::HEADS;

    fn new(p: &Path<'_>) -> Self {
        Self(Tiny::new(p))
    }

    fn forward(&self, x: &Tensor, mode: Mode, probe: &Probe<'_>) -> TinyOutput {
        self.0.forward(x, mode, probe)
    }
}

#[test]
fn another_spec_with_the_same_tensors_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    weights::save::<Tiny>(&saved, &normalisation(), &path).unwrap();
    let (mut newer, _network) = store::<Newer>(2);
    let warning = weights::load::<Newer>(&mut newer, &path).unwrap().warning.unwrap();
    assert!(warning.contains("another version of the spec of `Tiny`"), "{warning}");
    assert_eq!(contents(&newer), contents(&saved));
}

#[test]
fn damaged_and_missing_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    assert_eq!(weights::load::<Tiny>(&mut fresh, &path).unwrap_err().kind(), ErrorKind::Io);
    weights::save::<Tiny>(&fresh, &normalisation(), &path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 7, 8, 100, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
        assert!(error.to_string().contains("a.safetensors` is damaged"), "{error}");
    }
}

#[test]
fn a_normalisation_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (mut fresh, _network) = store::<Tiny>(1);
    for (mean, std) in [(vec![0.0; 3], vec![1.0; 3]), (vec![0.0], vec![0.0]), (vec![0.0], vec![1.0; 2])] {
        weights::save::<Tiny>(&fresh, &Normalisation { mean, std }, &path).unwrap();
        let error = weights::load::<Tiny>(&mut fresh, &path).unwrap_err();
        assert!(error.to_string().contains("normalisation"), "{error}");
    }
}
