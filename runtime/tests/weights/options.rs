//! Loading in part and with other types, and saving in the type that variables have.

use crate::common::Tiny;
use crate::{assert_says, contents, preparation, store, tiny_tensors, write_zeros};
use googlenetc_runtime::tch::Kind;
use googlenetc_runtime::variables;
use googlenetc_runtime::weights::{self, LoadOptions, Problem};
use safetensors::{Dtype, SafeTensors};
use std::path::Path;
use tch::nn::VarStore;

fn partial() -> LoadOptions {
    LoadOptions { partial: true, ..LoadOptions::default() }
}

fn convert() -> LoadOptions {
    LoadOptions { convert: true, ..LoadOptions::default() }
}

/// A store whose variables have another type.
fn store_of(kind: Kind) -> VarStore {
    let (mut store, _network) = store::<Tiny>(1);
    store.set_kind(kind);
    store
}

fn types_in(path: &Path) -> Vec<Dtype> {
    let bytes = std::fs::read(path).unwrap();
    let mut types: Vec<_> = SafeTensors::deserialize(&bytes).unwrap().iter().map(|(_, view)| view.dtype()).collect();
    types.dedup();
    types
}

#[test]
fn what_does_not_fit_is_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    // Another number of classes, and no auxiliary head.
    let mut tensors = tiny_tensors();
    tensors.insert("main.fc.weight".to_owned(), (Dtype::F32, vec![10, 96]));
    tensors.insert("main.fc.bias".to_owned(), (Dtype::F32, vec![10]));
    tensors.retain(|name, _| !name.starts_with("aux1."));
    tensors.insert("extra".to_owned(), (Dtype::F32, vec![1]));
    write_zeros(&path, &tensors);

    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    assert!(weights::load::<Tiny>(&mut store, &path).is_err());
    assert_eq!(contents(&store), before);
    let loaded = weights::load_with::<Tiny>(&mut store, &path, &partial()).unwrap();
    for ((name, now), (_, before)) in contents(&store).into_iter().zip(before) {
        if name.starts_with("conv1.") {
            assert!(now.iter().all(|value| *value == 0.0), "{name}");
        } else {
            assert_eq!(now, before, "{name}");
        }
    }
    assert_eq!(
        loaded.skipped_lines(),
        [
            "missing: `aux1.fc.weight`",
            "missing: `aux1.fc.bias`",
            "wrong shape: `main.fc.weight` is [10, 96], the network has [3, 96]",
            "wrong shape: `main.fc.bias` is [10], the network has [3]",
            "unexpected: `extra`",
        ]
    );
    let shapes = loaded.skipped.iter().filter(|mismatch| matches!(mismatch.problem, Problem::Shape { .. }));
    assert_eq!(shapes.filter_map(|mismatch| mismatch.variable.as_deref()).count(), 2);
}

#[test]
fn loading_nothing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    write_zeros(&path, &[("other".to_owned(), (Dtype::F32, vec![2]))].into());
    let (mut store, _network) = store::<Tiny>(1);
    let error = weights::load_with::<Tiny>(&mut store, &path, &partial()).unwrap_err();
    assert_says(&error.to_string(), &["does not fit `Tiny`, 10 problems", "unexpected: `other`"]);
}

#[test]
fn types_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    for (kind, dtype) in
        [(Kind::Float, Dtype::F32), (Kind::Double, Dtype::F64), (Kind::Half, Dtype::F16), (Kind::BFloat16, Dtype::BF16)]
    {
        let saved = store_of(kind);
        weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
        assert_eq!(types_in(&path), [dtype]);
        let mut same = store_of(kind);
        for (_, mut tensor) in variables::in_order(&same) {
            let _ = tch::no_grad(|| tensor.zero_());
        }
        weights::load::<Tiny>(&mut same, &path).unwrap();
        for ((name, loaded), (_, saved)) in variables::in_order(&same).iter().zip(variables::in_order(&saved)) {
            assert_eq!(loaded.kind(), kind, "{name}");
            assert!(loaded.equal(&saved), "{name}");
        }
    }
}

/// What libtorch makes of the saved numbers is what loading must give.
#[test]
fn types_are_converted_on_request_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let kinds = [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16];
    for from in kinds {
        let saved = store_of(from);
        weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
        for to in kinds.into_iter().filter(|to| *to != from) {
            let mut store = store_of(to);
            for (_, mut tensor) in variables::in_order(&store) {
                let _ = tch::no_grad(|| tensor.fill_(5.0));
            }
            for options in [LoadOptions::default(), partial()] {
                let error = weights::load_with::<Tiny>(&mut store, &path, &options).unwrap_err();
                assert_says(
                    &error.to_string(),
                    &["wrong type: `conv1.conv.weight` is ", "help: `convert` changes types"],
                );
            }
            assert!(contents(&store).iter().all(|(_, values)| *values == vec![5.0; values.len()]));
            weights::load_with::<Tiny>(&mut store, &path, &convert()).unwrap();
            for ((name, loaded), (_, saved)) in variables::in_order(&store).iter().zip(variables::in_order(&saved)) {
                assert_eq!(loaded.kind(), to, "{name}");
                assert!(loaded.equal(&saved.to_kind(to)), "{name} from {from:?} to {to:?}");
            }
        }
    }
}

#[test]
fn whole_numbers_are_never_converted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let mut tensors = tiny_tensors();
    tensors.insert("main.fc.bias".to_owned(), (Dtype::I64, vec![3]));
    write_zeros(&path, &tensors);
    let (mut store, _network) = store::<Tiny>(1);
    let error = weights::load_with::<Tiny>(&mut store, &path, &convert()).unwrap_err();
    assert_says(&error.to_string(), &["wrong type: `main.fc.bias` is I64, the network has F32"]);
}

/// Variables may lie in memory in any order; in the file it is that of the dimensions.
#[test]
fn weights_in_channels_last_order_are_saved_as_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (saved, _network) = store::<Tiny>(1);
    let before = contents(&saved);
    let mut weight = saved.variables().remove("conv1.conv.weight").unwrap();
    let turned = weight.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2]);
    tch::no_grad(|| weight.set_data(&turned));
    weights::save::<Tiny>(&saved, &preparation(), &path).unwrap();
    let (mut fresh, _network) = store::<Tiny>(2);
    weights::load::<Tiny>(&mut fresh, &path).unwrap();
    assert_eq!(contents(&fresh), before);
}
