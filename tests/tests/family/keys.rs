//! Names and shapes of everything in the files of others.

use googlenetc::layout::Key;
use googlenetc::ops::Op;

use super::{checked, keys, models};

/// Names, shapes and order of everything in the `state_dict`.
#[test]
fn every_key_is_pytorchs() {
    for (name, checked, data, layout) in models() {
        let theirs: Vec<&str> =
            data["state"].as_array().expect("a list").iter().map(|line| line.as_str().expect("a line")).collect();
        let ours: Vec<String> = keys(&checked, layout).iter().map(named).collect();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{name}");
        }
        assert_eq!(ours.len(), theirs.len(), "{name}");
    }
}

fn named(key: &Key) -> String {
    let sizes: Vec<String> = key.shape.iter().map(u64::to_string).collect();
    format!("{} {}", key.key, sizes.join("x")).trim_end().into()
}

/// torchvision's names are the spec's own: its layout only adds the counters.
#[test]
fn torchvisions_names_are_the_specs_own() {
    for key in keys(&checked("googlenet-torchvision"), "pytorch") {
        if let Some(variable) = key.variable {
            assert_eq!(variable, key.key);
        }
    }
}

/// The blobs of BVLC's model: 64 layers with a weight and a bias each, in the order of its `train_val.prototxt`.
#[test]
fn every_blob_is_caffes() {
    let mut layers: Vec<String> = ["conv1/7x7_s2", "conv2/3x3_reduce", "conv2/3x3"].map(String::from).to_vec();
    for row in ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"] {
        let parts = ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"];
        layers.extend(parts.map(|part| format!("inception_{row}/{part}")));
        let loss = match row {
            "4a" => "loss1",
            "4d" => "loss2",
            _ => continue,
        };
        layers.extend(["conv", "fc", "classifier"].map(|part| format!("{loss}/{part}")));
    }
    layers.push("loss3/classifier".into());
    assert_eq!(layers.len(), 64);
    let blobs: Vec<String> = layers.iter().flat_map(|layer| [format!("{layer}/0"), format!("{layer}/1")]).collect();
    let checked = checked("googlenet-caffe");
    let keys = keys(&checked, "googlenet-caffe");
    assert_eq!(keys.iter().map(|key| key.key.clone()).collect::<Vec<_>>(), blobs);
    assert_eq!(shape_of(&keys, "inception_4d/3x3_reduce/0"), [144, 512, 1, 1]);
    assert_eq!(shape_of(&keys, "loss1/fc/0"), [1024, 2048]);
    assert_eq!(shape_of(&keys, "loss3/classifier/1"), [1000]);
}

fn shape_of<'k>(keys: &'k [Key], name: &str) -> &'k [u64] {
    &keys.iter().find(|key| key.key == name).expect("it is there").shape
}

/// BVLC's network is bias-aux and two local response normalisations: tensor for tensor the same shapes.
#[test]
fn caffes_blobs_fit_bias_aux() {
    let mut caffe: Vec<Vec<u64>> =
        keys(&checked("googlenet-caffe"), "googlenet-caffe").into_iter().map(|key| key.shape).collect();
    let mut bias_aux: Vec<Vec<u64>> = keys(&checked("bias-aux"), "bias-aux").into_iter().map(|key| key.shape).collect();
    assert_eq!(caffe.len(), 128);
    caffe.sort_unstable();
    bias_aux.sort_unstable();
    assert_eq!(caffe, bias_aux);
    let norms = |name| {
        let checked = checked(name);
        checked.network().operations.iter().filter(|operation| matches!(operation.op, Op::LocalResponseNorm(_))).count()
    };
    assert_eq!((norms("googlenet-caffe"), norms("bias-aux")), (2, 0));
}
