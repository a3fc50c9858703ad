//! Wrong usage, missing files, and what stands in for what is not said.

use super::tiny::{assert_fails, run_as, tiny};
use std::path::Path;

pub(crate) fn wrong_usage_is_2(folder: &Path) {
    assert_fails(folder, "", 2, "Usage:");
    assert_fails(folder, "trian", 2, "train");
    assert_fails(folder, "train", 2, "--data <DIR>");
    assert_fails(folder, "train --data . --epochs 0", 2, "must be at least 1");
    assert_fails(folder, "train --data . --batch-size many", 2, "must be a whole number");
    assert_fails(folder, "train --data . --lr -1", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --lr nan", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --momentum 1", 2, "must be a number from 0 and below 1");
    assert_fails(folder, "train --data . --optimizer adagrad", 2, "[possible values: sgd, adam, adamw, rmsprop]");
    assert_fails(folder, "train --data . --force", 2, "--out <DIR>");
    assert_fails(folder, "evaluate --data .", 2, "--weights <FILE>");
    assert_fails(folder, "predict --weights a.safetensors", 2, "IMAGE");
    assert_fails(folder, "forward --input a --output b", 2, "--weights <FILE>");
    assert_fails(folder, "forward --input a --output b --weights c --init 1", 2, "cannot be used with");
    assert_fails(folder, "summary --input 8x8", 2, "must be channels, height and width, as in 3x224x224");
    assert_fails(folder, "summary --input 1x0x8", 2, "must be channels, height and width");
    assert_fails(folder, "summary --batch 0", 2, "0 is not in 1..=65536");
    assert_fails(folder, "export --weights a --output b.onnx", 2, "must end in .safetensors for weights");
    let help = tiny(folder, "train --help");
    assert_eq!(help.code, Some(0));
    assert!(help.out.contains("[default: 32]"), "{}", help.out);
}

pub(crate) fn missing_files_are_3(folder: &Path) {
    assert_fails(folder, "train --data nowhere", 3, "cannot find the folder `nowhere`");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
    assert_fails(folder, "evaluate --data . --weights none.safetensors", 3, "none.safetensors");
    assert_fails(folder, "predict --weights none.safetensors a.png", 3, "none.safetensors");
}

pub(crate) fn an_absent_device_is_an_error(folder: &Path) {
    assert_fails(folder, "train --data . --device gpu", 2, "must be auto, cpu, cuda, cuda:N or mps");
    let absent = "train --data . --device cuda:99";
    assert_fails(folder, absent, 1, "error: cannot use `cuda:99`: ");
    assert_fails(folder, &format!("{absent} --quiet"), 1, "error: cannot use `cuda:99`: ");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
}

pub(crate) fn a_default_stands_in_for_data(folder: &Path) {
    let outcome = run_as("with defaults", folder, "train");
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.err.contains("cannot find the folder `bundled`"), "{}", outcome.err);
    let help = run_as("with defaults", folder, "evaluate --help");
    assert!(help.out.contains("[default: bundled]"), "{}", help.out);
}
