//! A network run on a tensor: its logits and what is seen on the way, its summary, and its TorchScript.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use common::Tiny;
use googlenetc_runtime::device::{Choice, find, place};
use googlenetc_runtime::forward::forward;
use googlenetc_runtime::network::{Mode, Network, Probe};
use googlenetc_runtime::summary::{Count, summarise};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{CModule, Device, Kind, Tensor};
use googlenetc_runtime::torchscript;

/// The device that `GOOGLENETC_TEST_DEVICE` names, or the CPU.
fn device() -> Device {
    let choice = std::env::var("GOOGLENETC_TEST_DEVICE").map_or(Ok(Choice::Cpu), |name| name.parse());
    find(choice.unwrap()).unwrap()
}

fn tiny(device: Device) -> (VarStore, Tiny) {
    tch::manual_seed(1);
    let mut store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    place(&mut store, device).unwrap();
    (store, network)
}

fn names(tensors: &[(String, Tensor)]) -> Vec<&str> {
    tensors.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn heads_come_first_and_what_is_traced_has_a_prefix() {
    let (_store, network) = tiny(device());
    let x = Tensor::rand([2, 1, 8, 8], (Kind::Float, device()));
    assert_eq!(names(&forward(&network, &x, Mode::INFERENCE, false).unwrap()), ["main"]);
    assert_eq!(names(&forward(&network, &x, Mode::COMPARISON, false).unwrap()), ["main", "aux1"]);
    let traced = forward(&network, &x, Mode::COMPARISON, true).unwrap();
    assert_eq!(names(&traced)[..5], ["main", "aux1", "trace.conv1.conv", "trace.conv1.bn", "trace.conv1"]);
    assert_eq!(names(&traced)[5..7], ["trace.aux1.0", "trace.aux1.fc"]);
    let [main, traced_main] = ["main", "trace.main.fc"].map(|n| &traced.iter().find(|(name, _)| name == n).unwrap().1);
    assert_eq!(main, traced_main);
    // The rectifier has not changed what is before it.
    let relu = traced[3].1.relu();
    assert_eq!(relu, traced[4].1);
    assert!(traced[3].1.min().double_value(&[]) < 0.0);
}

#[test]
fn a_comparison_gives_the_same_twice() {
    let (_store, network) = tiny(device());
    let x = Tensor::rand([2, 1, 8, 8], (Kind::Float, device()));
    let run = || forward(&network, &x, Mode::COMPARISON, false).unwrap();
    assert!(run().iter().zip(run()).all(|((_, a), (_, b))| *a == b));
    let inference = &forward(&network, &x, Mode::INFERENCE, false).unwrap()[0].1;
    assert_eq!(*inference, run()[0].1);
}

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let (_store, network) = tiny(Device::Cpu);
    for (size, part) in [
        (
            &[1, 8, 8][..],
            "the input is [1, 8, 8], but `Tiny` takes [images, 1, 8, 8]: for one image make it [1, 1, 8, 8]",
        ),
        (&[64], "it has 1 dimensions"),
        (&[2, 3, 8, 8], "it has 3 channels"),
        (&[0, 1, 8, 8], "it has no values"),
        (&[1, 1, 8, 12], "`Tiny`, which declares 1x8x8, does not run on an input of 1x8x12: libtorch: mat1 and mat2"),
    ] {
        let x = Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let error = forward(&network, &x, Mode::INFERENCE, false).unwrap_err().to_string();
        assert!(error.contains(part) && !error.contains('\n'), "{error}");
    }
}

#[test]
fn a_summary_has_all_outputs_and_variables() {
    let (store, network) = tiny(device());
    let summary = summarise(&network, &store, 2, Tiny::INPUT, true).unwrap();
    // 54 and 2 times 6 for conv1, 288 and 3 for main.fc, 18 and 3 for aux1.fc; the running statistics are 2 times 6.
    assert_eq!(summary.training, Some(Count { parameters: 66 + 291 + 21, buffers: 12 }));
    assert_eq!(summary.inference, Count { parameters: 66 + 291, buffers: 12 });
    assert!(summary.idle.is_empty());
    let text = summary.to_string();
    let expected = "\
Tiny: input 2x1x8x8

output          shape                 parameters  buffers
conv1.conv      2x6x8x8
  weight          6x1x3x3                     54
conv1.bn        2x6x8x8
  weight          6                            6
  bias            6                            6
  running_mean    6                                     6
  running_var     6                                     6
conv1           2x6x8x8
aux1.0          2x6  (training only)
aux1.fc         2x3  (training only)
  weight          3x6                         18
  bias            3                            3
pool1           2x6x4x4
norm1           2x6x4x4
main.0          2x96
main.1          2x96
main.fc         2x3
  weight          3x96                       288
  bias            3                            3

total      parameters  buffers
training          378       12
inference         357       12
";
    assert_eq!(text, expected, "{text}");
}

#[test]
fn a_summary_of_inference_names_what_did_not_run() {
    let (store, network) = tiny(device());
    let summary = summarise(&network, &store, 1, Tiny::INPUT, false).unwrap();
    assert_eq!((summary.training, summary.inference), (None, Count { parameters: 66 + 291, buffers: 12 }));
    let idle: Vec<&str> = summary.idle.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(idle, ["aux1.fc.weight", "aux1.fc.bias"]);
    assert!(summary.to_string().contains("(did not run)\n  aux1.fc.weight"), "{summary}");
}

#[test]
fn torchscript_gives_the_same_logits_for_any_number_of_images() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.pt");
    let (mut store, network) = tiny(Device::Cpu);
    torchscript::save(&network, &mut store, &path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    let loaded = CModule::load(&path).unwrap();
    for images in [1, 3] {
        let x = Tensor::rand([images, 1, 8, 8], (Kind::Float, Device::Cpu));
        let expected = network.forward(&x, Mode::INFERENCE, &Probe::silent()).main;
        assert!(loaded.forward_ts(&[&x]).unwrap().allclose(&expected, 1e-5, 1e-6, false));
    }
}

#[test]
fn no_torchscript_is_kept_that_cannot_be_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.pt");
    let (mut store, network) = tiny(Device::Cpu);
    let _ = tch::no_grad(|| store.variables().get_mut("main.fc.bias").unwrap().fill_(f64::NAN));
    let error = torchscript::save(&network, &mut store, &path).unwrap_err().to_string();
    assert!(error.contains("`Tiny` cannot be traced: its logits are not finite"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
