//! The network goes through the recipe of its source on a data set of that form.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../../../runtime/tests/fixtures/mod.rs"]
#[expect(dead_code, reason = "fixtures of other data sets")]
mod fixtures;
#[path = "../../../runtime/tests/fixtures/shown.rs"]
mod shown;

use fixtures::write;
use std::path::Path;
use std::process::Command;

/// The ids of all 200 classes, as the data set lists them.
const IDS: &str = include_str!("../../../runtime/tests/data/tiny_imagenet_wnids.txt");

/// Three images of three of the classes, one of each other one, and six to measure on.
fn tiny_imagenet(root: &Path) {
    fixtures::tiny_imagenet(root);
    write(root.join("wnids.txt"), IDS);
    for (class, id) in IDS.lines().enumerate() {
        let images = root.join(format!("train/{id}/images"));
        for image in 2..8 {
            let _ = std::fs::remove_file(images.join(format!("{id}_{image}.JPEG")));
        }
        fixtures::write_picture(images.join("more.JPEG"), class, class);
    }
}

fn run(folder: &Path, line: &str) -> (String, String) {
    let program = env!("CARGO_BIN_EXE_tiny_imagenet");
    let output = Command::new(program).args(line.split(' ')).current_dir(folder).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{err}");
    (out, err)
}

#[test]
fn tiny_imagenet_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    tiny_imagenet(folder.path());
    let line = "train --data . --recipe tiny-imagenet --epochs 1 --progress lines --out run --device cpu";
    let (out, err) = run(folder.path(), line);
    assert!(err.contains("input 3x224x224, 206 training and 6 validation images, 1 epoch"), "{err}");
    assert!(out.starts_with("validation accuracy "), "{out}");
    shown::lines_are_printed(env!("CARGO_MANIFEST_DIR"), 1, &format!("{err}{out}"));
    let recipe = std::fs::read_to_string(folder.path().join("run/recipe.yaml")).unwrap();
    for said in ["batch_size: 64", "learning_rate: 0.001", "schedule:\n  constant:"] {
        assert!(recipe.contains(said), "{recipe}");
    }
    // The first validation image is a go-kart, class 107 of 200: what the source's program prints of it.
    let line = "predict --weights run/last.safetensors --top 200 --device cpu val/images/val_0.JPEG";
    let (out, _) = run(folder.path(), line);
    assert!(out.contains("n03444034 (go-kart)"), "{out}");
}
