//! Files that PyTorch and Python's safetensors wrote; `tests/data/README.md` says how.

use crate::common::Tiny;
use crate::{assert_says, contents, data, store};
use googlenetc_runtime::weights::{self, Keys, LoadOptions};
use std::collections::BTreeMap;

/// The order in which the script numbers the tensors.
const NAMES: [&str; 9] = [
    "conv1.conv.weight",
    "conv1.bn.weight",
    "conv1.bn.bias",
    "conv1.bn.running_mean",
    "conv1.bn.running_var",
    "main.fc.weight",
    "main.fc.bias",
    "aux1.fc.weight",
    "aux1.fc.bias",
];

/// Every element says where it belongs: number `i` of tensor `k` is `k + i / 64`.
#[track_caller]
fn assert_numbered(contents: Vec<(String, Vec<f32>)>) {
    assert_eq!(contents.len(), NAMES.len());
    for (name, values) in contents {
        let k = NAMES.iter().position(|other| *other == name).unwrap();
        let expected = (64 * k..).map(|number| f32::from(u16::try_from(number).unwrap()) / 64.0);
        let equal = values.iter().zip(expected).all(|(value, expected)| value.to_bits() == expected.to_bits());
        assert!(equal, "{name}: {values:?}");
    }
}

#[track_caller]
fn assert_loads(name: &str) {
    let (mut store, _network) = store::<Tiny>(1);
    let loaded = weights::load::<Tiny>(&mut store, &data(name)).unwrap();
    assert_eq!((loaded.metadata, loaded.warning, loaded.skipped), (None, None, Vec::new()));
    assert_numbered(contents(&store));
}

#[test]
fn a_state_dict_is_read() {
    assert_loads("tiny.pt");
}

#[test]
fn a_newer_protocol_is_read() {
    assert_loads("tiny-protocol-4.pt");
}

#[test]
fn the_format_before_1_6_is_read() {
    assert_loads("tiny-legacy.pth");
}

#[test]
fn checksums_may_be_left_out() {
    assert_loads("tiny-no-checksums.pt");
}

#[test]
fn safetensors_of_python_are_read() {
    assert_loads("tiny.safetensors");
}

/// Two tensors in one storage, a transposed one, one in channels-last order, one with gaps, and a parameter.
#[test]
fn views_of_storages_are_read() {
    assert_loads("tiny-views.pt");
}

/// Beside an epoch, an optimizer's state, lists and a tensor.
#[test]
fn a_state_dict_is_found_in_a_checkpoint() {
    assert_loads("tiny-checkpoint.pt");
}

#[test]
fn half_precision_is_converted_on_request() {
    let (mut store, _network) = store::<Tiny>(1);
    let path = data("tiny-half.pt");
    let error = weights::load::<Tiny>(&mut store, &path).unwrap_err();
    assert_says(&error.to_string(), &["9 problems", "wrong type: `conv1.conv.weight` is F16, the network has F32"]);
    weights::load_with::<Tiny>(&mut store, &path, &LoadOptions { convert: true, ..LoadOptions::default() }).unwrap();
    assert_numbered(contents(&store));
}

#[test]
fn every_type_is_what_it_is_called() {
    let (mut store, _network) = store::<Tiny>(1);
    let path = data("tiny-types.pt");
    let error = weights::load::<Tiny>(&mut store, &path).unwrap_err();
    assert_says(
        &error.to_string(),
        &["3 problems", "`conv1.conv.weight` is F64,", "`conv1.bn.weight` is BF16,", "`conv1.bn.bias` is F16,"],
    );
    weights::load_with::<Tiny>(&mut store, &path, &LoadOptions { convert: true, ..LoadOptions::default() }).unwrap();
    assert_numbered(contents(&store));
}

#[test]
fn keys_apply_to_pytorchs_files_too() {
    let (mut store, _network) = store::<Tiny>(1);
    let exchanged = |name: &str| match name {
        "main.fc.bias" => "aux1.fc.bias".to_owned(),
        "aux1.fc.bias" => "main.fc.bias".to_owned(),
        other => other.to_owned(),
    };
    let lines: Vec<String> = NAMES.iter().map(|name| format!("{name},{}", exchanged(name))).collect();
    let keys = Keys::parse(&format!("variable,key\n{}\n,conv1.bn.num_batches_tracked\n", lines.join("\n"))).unwrap();
    let options = LoadOptions { keys: Some(keys), ..LoadOptions::default() };
    weights::load_with::<Tiny>(&mut store, &data("tiny.pt"), &options).unwrap();
    let values: BTreeMap<_, _> = contents(&store).into_iter().collect();
    assert_eq!((values["main.fc.bias"][0], values["aux1.fc.bias"][0]), (8.0, 6.0));
}

/// A whole module is a pickle of classes, and a script is a program.
#[test]
fn what_is_no_state_dict_is_refused() {
    let (mut store, _network) = store::<Tiny>(1);
    let before = contents(&store);
    for (name, expected) in [
        ("tiny-module.pt", "is refused, and nothing in it was run: it asks for `__main__.Tiny`"),
        ("script.pt", "is a TorchScript program; save its tensors alone"),
    ] {
        let error = weights::load::<Tiny>(&mut store, &data(name)).unwrap_err();
        assert_says(&error.to_string(), &[name, expected]);
    }
    assert_eq!(contents(&store), before);
}
