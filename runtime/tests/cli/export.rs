//! `export`.

use super::tiny::{assert_fails, read_tensors, tiny};
use googlenetc_runtime::tch::{CModule, Kind, Tensor};
use std::path::Path;

pub(crate) fn weights_and_torchscript_are_exported(folder: &Path) {
    let weights = "export --weights runs/tiny-1/last.safetensors";
    let saved = tiny(folder, &format!("{weights} --output same.safetensors"));
    assert_eq!((saved.code, saved.out.as_str()), (Some(0), "weights same.safetensors\n"), "{}", saved.err);
    let [first, again] = ["runs/tiny-1/last.safetensors", "same.safetensors"].map(|f| std::fs::read(folder.join(f)));
    assert_eq!(first.unwrap(), again.unwrap());
    let script = tiny(folder, &format!("{weights} --output tiny.pt"));
    assert_eq!((script.code, script.out.as_str()), (Some(0), "TorchScript tiny.pt\n"), "{}", script.err);
    assert!(script.err.starts_with("takes [images, 1, 8, 8]: values from 0 to 1, less ["), "{}", script.err);
    let module = CModule::load(folder.join("tiny.pt")).unwrap();
    let x = read_tensors(&folder.join("x.safetensors")).remove("input").unwrap();
    let y = read_tensors(&folder.join("y.safetensors")).remove("main").unwrap();
    assert!(module.forward_ts(&[x]).unwrap().allclose(&y, 1e-5, 1e-6, false));
}

pub(crate) fn weights_of_other_types_and_keys_are_read_and_written(folder: &Path) {
    let export = "export --weights runs/tiny-1/last.safetensors";
    let half = tiny(folder, &format!("{export} --dtype bf16 --output half.safetensors"));
    assert_eq!(half.code, Some(0), "{}", half.err);
    assert!(read_tensors(&folder.join("half.safetensors")).values().all(|tensor| tensor.kind() == Kind::BFloat16));
    let evaluate = "evaluate --data . --device cpu --weights half.safetensors";
    assert_fails(folder, evaluate, 1, "wrong type: ");
    let converted = tiny(folder, &format!("{evaluate} --convert"));
    assert!(converted.out.ends_with("top-1 error 0.00 %\ntop-5 error 0.00 %\n"), "{}", converted.err);

    let y = read_tensors(&folder.join("y.safetensors")).remove("main").unwrap();
    let double =
        "forward --weights runs/tiny-1/last.safetensors --input x.safetensors --output d.safetensors --dtype f64";
    assert_eq!(tiny(folder, double).code, Some(0));
    let d = read_tensors(&folder.join("d.safetensors")).remove("main").unwrap();
    assert_eq!(d.kind(), Kind::Double);
    assert!(d.allclose(&y.to_kind(Kind::Double), 1e-4, 1e-5, false));

    let original = read_tensors(&folder.join("runs/tiny-1/last.safetensors"));
    let rows: Vec<String> = original.keys().map(|name| format!("{name},theirs.{name},\n")).collect();
    std::fs::write(folder.join("keys.csv"), format!("variable,key,shape\n{}", rows.concat())).unwrap();
    let theirs = tiny(folder, &format!("{export} --output theirs.safetensors --output-keys keys.csv"));
    assert_eq!(theirs.code, Some(0), "{}", theirs.err);
    assert!(read_tensors(&folder.join("theirs.safetensors")).keys().all(|name| name.starts_with("theirs.")));
    let back = "export --weights theirs.safetensors --keys keys.csv --output back.safetensors";
    assert_eq!(tiny(folder, back).code, Some(0));
    assert!(read_tensors(&folder.join("back.safetensors")) == original);

    let some: Vec<(String, Tensor)> = original.into_iter().filter(|(name, _)| name != "aux1.fc.bias").collect();
    Tensor::write_safetensors(&some, folder.join("some.safetensors")).unwrap();
    let forward = "forward --input x.safetensors --output s.safetensors --device cpu --weights some.safetensors";
    assert_fails(folder, forward, 1, "missing: `aux1.fc.bias`");
    let partial = tiny(folder, &format!("{forward} --partial"));
    assert_eq!((partial.code, partial.out.as_str()), (Some(0), "main 2x3\n"));
    assert!(
        partial.err.starts_with("warning: left out of `some.safetensors`:\n  missing: `aux1.fc.bias`"),
        "{}",
        partial.err
    );
}

pub(crate) fn weights_without_normalisation_are_given_one(folder: &Path) {
    assert_fails(
        folder,
        "predict --device cpu --weights some.safetensors --partial one.png",
        1,
        "`export --mean M,.. --std S,..`",
    );
    let export = "export --weights some.safetensors --partial --output known.safetensors";
    assert_fails(folder, export, 1, "say it with `--mean` and `--std`");
    assert_fails(folder, &format!("{export} --mean 0.5"), 2, "--std <S,..>");
    assert_fails(
        folder,
        &format!("{export} --mean 0.5,0.5,0.5 --std 1,1,1"),
        1,
        "`--mean` has 3 values, and `Tiny` takes 1",
    );
    assert_fails(folder, &format!("{export} --mean 0.5 --std 0"), 1, "`--std` positive ones");
    assert_eq!(tiny(folder, &format!("{export} --mean 0.5 --std 0.25")).code, Some(0));
    let predict = tiny(folder, "predict --weights known.safetensors --top 1 one.png");
    assert!(predict.out.starts_with("one.png: 1 "), "{}{}", predict.out, predict.err);
}
