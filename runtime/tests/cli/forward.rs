//! `forward`.

use super::common::Tiny;
use super::tiny::{assert_fails, read_tensors, tiny, write_tensor};
use googlenetc_runtime::network::{Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind};
use std::path::Path;

pub(crate) fn tensors_go_through_the_network(folder: &Path) {
    let weights = "--weights runs/tiny-1/last.safetensors";
    write_tensor(&folder.join("x.safetensors"), "input", &[2, 1, 8, 8], Kind::Float);
    let plain = tiny(folder, &format!("forward {weights} --input x.safetensors --output y.safetensors"));
    assert_eq!((plain.code, plain.out.as_str()), (Some(0), "main 2x3\n"), "{}", plain.err);
    let y = read_tensors(&folder.join("y.safetensors"));
    assert_eq!(y.keys().collect::<Vec<_>>(), ["main"]);

    // What the library computes with these weights.
    let mut store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    googlenetc_runtime::weights::load::<Tiny>(&mut store, &folder.join("runs/tiny-1/last.safetensors")).unwrap();
    let x = read_tensors(&folder.join("x.safetensors")).remove("input").unwrap();
    let expected = network.forward(&x, Mode::COMPARISON, &Probe::silent());
    assert!(y["main"].allclose(&expected.main, 1e-5, 1e-6, false), "{:?}", y["main"]);

    let line =
        format!("forward {weights} --input x.safetensors --output t.safetensors --training --trace --device cpu");
    let traced = tiny(folder, &line);
    assert!(traced.out.starts_with("main 2x3\naux1 2x3\ntrace.conv1.conv 2x6x8x8\n"), "{}", traced.out);
    assert_eq!(traced.err, "");
    let t = read_tensors(&folder.join("t.safetensors"));
    assert_eq!((t.len(), t["trace.main.fc"] == t["main"]), (12, true), "{traced:?}", traced = traced.out);
    assert!(t["aux1"].allclose(&expected.aux1.unwrap(), 1e-5, 1e-6, false));

    // Other types are converted to the weights' type.
    for kind in [Kind::Double, Kind::BFloat16, Kind::Half] {
        write_tensor(&folder.join("k.safetensors"), "input", &[2, 1, 8, 8], kind);
        let done = tiny(folder, &format!("forward {weights} --input k.safetensors --output k.safetensors"));
        assert_eq!(done.code, Some(0), "{}", done.err);
        let k = read_tensors(&folder.join("k.safetensors")).remove("main").unwrap();
        assert_eq!(k.kind(), Kind::Float);
        assert!(k.allclose(&y["main"], 0.05, 0.05, false), "{kind:?}");
    }

    // A new network is the same for the same seed.
    let new = |seed: u64| {
        let done = tiny(folder, &format!("forward --init {seed} --input x.safetensors --output n.safetensors"));
        assert_eq!(done.code, Some(0), "{}", done.err);
        std::fs::read(folder.join("n.safetensors")).unwrap()
    };
    assert_eq!(new(1), new(1));
    assert_ne!(new(1), new(2));
}

pub(crate) fn files_without_a_usable_input_are_refused(folder: &Path) {
    let refused = |code: i32, expected: &str| {
        assert_fails(
            folder,
            "forward --init 1 --device cpu --input bad.safetensors --output no.safetensors",
            code,
            expected,
        );
        assert!(!folder.join("no.safetensors").exists());
    };
    let bad = folder.join("bad.safetensors");
    refused(3, "bad.safetensors");
    std::fs::write(&bad, "no tensors").unwrap();
    refused(1, "`bad.safetensors` is damaged, or neither");
    write_tensor(&bad, "image", &[1, 1, 8, 8], Kind::Float);
    refused(1, "`bad.safetensors` has no tensor `input`; it has `image`");
    write_tensor(&bad, "input", &[1, 1, 8, 8], Kind::Int64);
    refused(1, "the tensor `input` in `bad.safetensors` is I64; it must hold the floating-point numbers");
    write_tensor(&bad, "input", &[1, 8, 8], Kind::Float);
    refused(1, "the input is [1, 8, 8], but `Tiny` takes [images, 1, 8, 8]: for one image make it [1, 1, 8, 8]");
    write_tensor(&bad, "input", &[1, 1, 16, 16], Kind::Float);
    refused(1, "`Tiny`, which declares 1x8x8, does not run on an input of 1x16x16: libtorch: ");
    write_tensor(&bad, "input", &[1, 1, 8, 8], Kind::Float);
    let nowhere = "forward --init 1 --device cpu --input bad.safetensors --output nowhere/no.safetensors";
    assert_fails(folder, nowhere, 3, "cannot write `nowhere/no.safetensors`");
}
