//! Weights of ten classes become weights of five, and what is frozen stays.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../../../runtime/tests/fixtures/shown.rs"]
mod shown;

use googlenetc_runtime::data::{BadImages, Options, Part, open, split, yaml};
use googlenetc_runtime::network::Network;
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Tensor};
use googlenetc_runtime::train::{Display, Images, Interrupt, Job, Progress, train};
use googlenetc_runtime::weights;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use ten::Digits;

/// The network whose weights it begins with.
pub mod ten {
    googlenetc_runtime::include_network!("digits");
}

/// Trains the ten-class network for a few steps.
fn train_ten_classes(folder: &Path) {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../digits/data"));
    let source = open(data, Part::HeldOut, &Options::default()).unwrap();
    let (training, held_out) = split(&source, 0.05, 1, false).unwrap();
    let images = Images { training, held_out, held_out_name: "validation" };
    let recipe = yaml::parse("steps: 2\nbatch_size: 16\nnormalise: {mean: [0.3], std: [0.4]}", "test").unwrap();
    let job = Job {
        images: &images,
        recipe: &recipe,
        pretrained: None,
        device: Device::Cpu,
        folder,
        interrupt: Interrupt::default(),
    };
    train::<Digits>(&job, &mut BadImages::default(), &mut Progress::new(Display::None)).unwrap();
}

fn run(folder: &Path, line: &str) -> (String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_fine_tune")).args(line.split(' ')).current_dir(folder).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{err}");
    (out, err)
}

fn read(path: &Path) -> BTreeMap<String, Tensor> {
    Tensor::read_safetensors(path).unwrap().into_iter().collect()
}

#[test]
fn weights_of_ten_classes_become_weights_of_five() {
    let folder = tempfile::tempdir().unwrap();
    let ten = folder.path().join("runs/ten");
    std::fs::create_dir_all(&ten).unwrap();
    train_ten_classes(&ten);

    let recipe = concat!(env!("CARGO_MANIFEST_DIR"), "/recipe.yaml");
    let line = format!(
        "train --weights runs/ten/last.safetensors --partial --recipe {recipe} --set epochs=1 --validation 0.2 --out five --device cpu"
    );
    let (out, err) = run(folder.path(), &line);
    assert!(out.starts_with("validation accuracy "), "{out}");
    assert!(err.contains("80 training and 20 validation images"), "{err}");
    for head in ["main.fc", "aux1.fc2", "aux2.fc2"] {
        assert!(err.contains(&format!("`{head}.weight` is [10, 1024], the network has [5, 1024]")), "{err}");
    }
    shown::lines_are_printed(env!("CARGO_MANIFEST_DIR"), 2, &(err + &out));
    // The run has the spec with it.
    let spec = std::fs::read_to_string(folder.path().join("five/spec/pairs.yaml")).unwrap();
    assert_eq!(spec, std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/pairs.yaml")).unwrap());
    // What is frozen is as it was, running statistics included, and the rest has learnt.
    let (before, after) = (read(&ten.join("last.safetensors")), read(&folder.path().join("five/last.safetensors")));
    let recipe = std::fs::read_to_string(recipe).unwrap();
    let (_, frozen) = recipe.split_once("freeze: [").unwrap();
    let frozen: Vec<&str> = frozen.split(']').next().unwrap().split(", ").collect();
    let mut kept = 0;
    for (name, value) in &after {
        let is_frozen = frozen.iter().any(|part| name.strip_prefix(part).is_some_and(|rest| rest.starts_with('.')));
        kept += usize::from(is_frozen);
        if is_frozen {
            assert_eq!(value, &before[name], "{name}");
        } else if value.size() == before[name].size() {
            assert_ne!(value, &before[name], "{name}");
        }
    }
    // Three convolutions of the stem and six in each of four blocks, each with a weight and the four numbers of its normalisation.
    assert_eq!(kept, (3 + 4 * 6) * 5);

    // The normalisation of the weights goes with them.
    let preparation = |path: &Path| weights::metadata::<Digits>(path).unwrap().unwrap().preparation.normalisation;
    assert_eq!(preparation(&folder.path().join("five/last.safetensors")).mean, [0.3]);
    let (out, _) = run(folder.path(), "evaluate --weights five/last.safetensors --device cpu --batch-size 90");
    assert!(out.starts_with("images 360\n"), "{out}");
}

#[test]
fn the_networks_differ_in_name_and_classes_alone() {
    let [ten, five] = ["../digits/digits.yaml", "pairs.yaml"]
        .map(|path| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap());
    let without_comment = |text: &str| text[text.find("network: ").unwrap()..].to_owned();
    let expected = without_comment(&ten).replace("Digits", "Pairs").replace("classes: 10", "classes: 5");
    assert_eq!(without_comment(&five), expected);
    let store = VarStore::new(Device::Cpu);
    Digits::new(&store.root());
    assert_eq!(store.variables()["main.fc.weight"].size(), [10, 1024]);
}
