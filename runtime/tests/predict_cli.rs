//! `predict`, `embed` and the styles of `summary`, in a network's program.
//!
//! This file is a program without a test harness: told so by the environment it is the network's program, otherwise
//! it runs itself as that and looks at what comes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;
mod halves;
mod program;

use common::Tiny;
use googlenetc_runtime::cli;
use googlenetc_runtime::data::{Normalisation, Source};
use googlenetc_runtime::network::{Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor, manual_seed, no_grad};
use googlenetc_runtime::weights::{SaveOptions, save_with};
use halves::halves;
use program::Outcome;
use std::path::Path;
use std::process::ExitCode;

const ROLE: (&str, &str) = ("TINY_IS_THE_PROGRAM", "yes");

/// What the classes are called; a comma and quotes must be kept apart from those of a table.
const CLASSES: [&str; 3] = ["above", "left", "nowhere, or \"dark\""];

/// Where the images are, in the order in which they come out of the folder, and which of `halves` each is.
const IMAGES: [(&str, usize); 5] =
    [("pets/a.png", 4), ("pets/b/10.png", 3), ("pets/b/2.bmp", 2), ("pets/b/deep/0.Png", 1), ("pets/c/x y.png", 0)];

fn main() -> ExitCode {
    if std::env::var_os(ROLE.0).is_some() {
        return cli::run::<Tiny>();
    }
    let folder = tempfile::tempdir().unwrap();
    let truth = prepare(folder.path());
    predictions_are_the_networks(folder.path(), &truth);
    order_and_results_do_not_depend_on_batches_and_threads(folder.path());
    images_come_from_standard_input(folder.path());
    broken_images_stop_or_are_skipped(folder.path());
    a_file_of_results_is_whole_or_not_there(folder.path());
    features_are_those_of_the_trace(folder.path());
    outputs_that_cannot_be_features_are_refused(folder.path());
    stages_and_branches_are_shown(folder.path());
    ExitCode::SUCCESS
}

/// Writes images and weights. Returns the probabilities of each image of `IMAGES`, computed by hand.
fn prepare(folder: &Path) -> Vec<Vec<f64>> {
    let data = halves(5);
    let mut pixels: Vec<f32> = Vec::new();
    for (path, image) in IMAGES {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bytes = data.image(image).unwrap().into_pixels();
        pixels.extend(bytes.iter().map(|&byte| (f32::from(byte) / 255.0 - 0.25) / 0.5));
        image::GrayImage::from_raw(8, 8, bytes).unwrap().save(path).unwrap();
    }
    std::fs::create_dir(folder.join("pets/.hidden")).unwrap();
    std::fs::copy(folder.join("pets/a.png"), folder.join("pets/.hidden/a.png")).unwrap();
    std::fs::write(folder.join("pets/notes.txt"), "no image").unwrap();
    std::fs::write(folder.join("broken.png"), "no image").unwrap();
    std::fs::create_dir(folder.join("empty")).unwrap();

    manual_seed(3);
    let store = VarStore::new(Device::Cpu);
    let network = Tiny::new(&store.root());
    let preparation = Normalisation::new(vec![0.25], vec![0.5]).into();
    let options = SaveOptions { class_names: CLASSES.map(str::to_owned).to_vec(), keys: None };
    save_with::<Tiny>(&store, &preparation, &folder.join("w.safetensors"), &options).unwrap();
    let input = Tensor::from_slice(&pixels).view([5, 1, 8, 8]);
    Tensor::write_safetensors(&[("input", input.shallow_clone())], folder.join("x.safetensors")).unwrap();
    let logits = no_grad(|| network.forward(&input, Mode::INFERENCE, &Probe::silent()).main);
    Vec::<Vec<f64>>::try_from(logits.softmax(-1, Kind::Double)).unwrap()
}

/// Runs the program in `folder` with the words of `line` and what is behind them, and gives it `stdin` to read.
fn tiny_reading(folder: &Path, line: &str, more: &[&str], stdin: &[u8]) -> Outcome {
    program::run(program::command(ROLE, folder, line).args(more), stdin)
}

fn tiny(folder: &Path, line: &str) -> Outcome {
    tiny_reading(folder, line, &[], b"")
}

#[track_caller]
fn succeeds(folder: &Path, line: &str) -> String {
    let Outcome { code, out, err } = tiny(folder, line);
    assert_eq!((code, err.as_str()), (Some(0), ""), "tiny {line}");
    out
}

#[track_caller]
fn fails(folder: &Path, line: &str, code: i32, expected: &str) {
    tiny(folder, line).assert_failed(line, code, expected);
}

const PREDICT: &str = "predict --device cpu --weights w.safetensors";

/// Classes and probabilities, the most probable first.
fn ranked(probabilities: &[f64]) -> Vec<(usize, f64)> {
    let mut ranked: Vec<_> = probabilities.iter().copied().enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranked
}

fn predictions_are_the_networks(folder: &Path, truth: &[Vec<f64>]) {
    let expected: Vec<_> = IMAGES.iter().zip(truth).map(|((path, _), row)| (*path, ranked(row))).collect();
    let describe = |(path, ranked): &(&str, Vec<(usize, f64)>)| {
        let guesses = ranked[..2].iter().map(|(class, p)| format!("{} {:.2} %", CLASSES[*class], 100.0 * p));
        format!("{path}: {}", guesses.collect::<Vec<_>>().join(", "))
    };
    let human = expected.iter().map(describe).collect::<Vec<_>>().join("\n") + "\n";
    assert_eq!(succeeds(folder, &format!("{PREDICT} --top 2 pets")), human);

    let json = succeeds(folder, &format!("{PREDICT} --format json pets"));
    assert_eq!(json.lines().count(), 5);
    for (line, (path, ranked)) in json.lines().zip(&expected) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["image"], *path);
        let guesses = line["guesses"].as_array().unwrap();
        assert_eq!(guesses.len(), 3);
        for (guess, (class, p)) in guesses.iter().zip(ranked) {
            assert_eq!((&guess["class"], &guess["name"]), (&(*class).into(), &CLASSES[*class].into()));
            assert!((guess["probability"].as_f64().unwrap() - p).abs() < 1e-6, "{guess}");
        }
    }

    let table = succeeds(folder, &format!("{PREDICT} --format csv --top 2 --batch-size 2 pets"));
    assert!(table.starts_with("image,rank,class,name,probability\npets/a.png,1,"), "{table}");
    let rows: Vec<(String, usize, usize, String, f64)> =
        csv::Reader::from_reader(table.as_bytes()).deserialize().map(|row| row.unwrap()).collect();
    let expected = expected.iter().flat_map(|(path, ranked)| (1..).zip(&ranked[..2]).map(move |found| (*path, found)));
    let expected: Vec<_> = expected.collect();
    assert_eq!(rows.len(), expected.len());
    for ((path, rank, class, name, p), (expected_path, (expected_rank, (expected_class, q)))) in
        rows.iter().zip(expected)
    {
        assert_eq!((path.as_str(), *rank, class), (expected_path, expected_rank, expected_class));
        assert_eq!(name, CLASSES[*class]);
        assert!((p - q).abs() < 1e-6, "{path}: {p} and {q}");
    }
}

fn order_and_results_do_not_depend_on_batches_and_threads(folder: &Path) {
    let expected = succeeds(folder, &format!("{PREDICT} pets"));
    for options in ["--batch-size 1 --workers 3", "--batch-size 2 --workers 0", "--batch-size 3 --workers 2 --quiet"] {
        assert_eq!(succeeds(folder, &format!("{PREDICT} {options} pets")), expected, "{options}");
    }
    // Files and folders in the order in which they are named, and as often.
    let lines = succeeds(folder, &format!("{PREDICT} pets/c pets/a.png pets/b/2.bmp pets/a.png"));
    let names: Vec<&str> = lines.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(names, ["pets/c/x y.png", "pets/a.png", "pets/b/2.bmp", "pets/a.png"]);
    fails(
        folder,
        &format!("{PREDICT} empty"),
        1,
        "there are no images in the folder `empty`: no name in it ends in .jpg, ",
    );
}

fn images_come_from_standard_input(folder: &Path) {
    let expected = succeeds(folder, &format!("{PREDICT} pets"));
    let lists = [
        "pets/a.png\npets/b\npets/c/x y.png",
        "pets/a.png\r\n\r\npets/b\r\npets/c/x y.png\r\n",
        "pets/a.png\0pets/b\0pets/c/x y.png\0",
    ];
    for list in lists {
        let read = tiny_reading(folder, PREDICT, &["-"], list.as_bytes());
        assert_eq!((read.out.as_str(), read.err.as_str()), (expected.as_str(), ""), "{list:?}");
    }
    let both = tiny_reading(folder, PREDICT, &["pets/a.png", "-"], b"pets/b\npets/c");
    assert_eq!(both.out, expected, "{}", both.err);
    let bytes = std::fs::read(folder.join("pets/a.png")).unwrap();
    let image = tiny_reading(folder, PREDICT, &["--stdin", "image", "-"], &bytes);
    assert_eq!(image.out, expected.lines().next().unwrap().replace("pets/a.png", "-") + "\n", "{}", image.err);

    let refused = |more: &[&str], bytes: &[u8], expected: &str| {
        let outcome = tiny_reading(folder, PREDICT, more, bytes);
        assert_eq!((outcome.code, outcome.out.as_str()), (Some(1), ""), "{}", outcome.err);
        assert!(outcome.err.contains(expected), "{}", outcome.err);
    };
    refused(&["-"], b"\n", "standard input, where paths of images were to come from, has none");
    refused(&["-", "-"], b"", "`-` stands for standard input, which can be read once");
    refused(&["--stdin", "image", "-"], b"no image", "cannot decode `-`: it is no JPEG");
}

fn broken_images_stop_or_are_skipped(folder: &Path) {
    let whole = succeeds(folder, &format!("{PREDICT} pets"));
    let line = format!("{PREDICT} --batch-size 1 pets/a.png broken.png pets/b pets/c");
    let stopped = tiny(folder, &line);
    assert_eq!(stopped.code, Some(1));
    assert_eq!(stopped.err, "error: cannot decode `broken.png`: it is no JPEG, PNG, BMP, GIF or WebP image\n");
    assert_eq!(stopped.out, whole.lines().next().unwrap().to_owned() + "\n", "what came before it is there");
    for batch in ["--batch-size 1", "--batch-size 4"] {
        let skipped = tiny(folder, &format!("{line} --on-bad-image skip").replace("--batch-size 1", batch));
        assert_eq!((skipped.code, skipped.out.as_str()), (Some(0), whole.as_str()));
        let warning = "warning: 1 image was skipped:\n  cannot decode `broken.png`: it is no JPEG";
        assert!(skipped.err.starts_with(warning), "{}", skipped.err);
    }
    fails(folder, &format!("{PREDICT} pets/a.png gone.png"), 3, "cannot read `gone.png`");
    fails(
        folder,
        &format!("{PREDICT} --on-bad-image skip gone.png broken.png"),
        1,
        "no image could be read; 2 images were",
    );
}

fn a_file_of_results_is_whole_or_not_there(folder: &Path) {
    let printed = succeeds(folder, &format!("{PREDICT} --format csv pets"));
    assert_eq!(succeeds(folder, &format!("{PREDICT} --format csv --output out.csv pets")), "");
    let written = || std::fs::read_to_string(folder.join("out.csv")).unwrap();
    assert_eq!(written(), printed);
    let before = std::fs::read_dir(folder).unwrap().count();
    fails(folder, &format!("{PREDICT} --batch-size 1 --output out.csv pets broken.png"), 1, "broken.png");
    assert_eq!(written(), printed, "what was there stays");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), before, "nothing unfinished is left");
    fails(folder, &format!("{PREDICT} --output nowhere/out.csv pets"), 3, "cannot write `nowhere/out.csv`");
}

const EMBED: &str = "embed --device cpu --weights w.safetensors";

fn read_one(path: &Path, name: &str) -> Tensor {
    let tensors = Tensor::read_safetensors(path).unwrap();
    tensors.into_iter().find(|(other, _)| other == name).unwrap().1
}

fn features_are_those_of_the_trace(folder: &Path) {
    let forward = "forward --device cpu --weights w.safetensors --input x.safetensors --output t.safetensors --trace";
    succeeds(folder, forward);
    let trace = |node: &str| read_one(&folder.join("t.safetensors"), &format!("trace.{node}"));
    for (node, shape) in [("conv1.bn", "5x6x8x8"), ("pool1", "5x6x4x4"), ("main.0", "5x96"), ("main.fc", "5x3")] {
        for batch in [2, 5] {
            let line = format!("{EMBED} --node {node} --batch-size {batch} pets --output");
            let said = succeeds(folder, &format!("{line} f.npy"));
            assert_eq!(said, format!("{node} {shape}\nfeatures f.npy\nnames f.names.json\n"));
            assert!(
                Tensor::read_npy(folder.join("f.npy")).unwrap().allclose(&trace(node), 1e-5, 1e-6, false),
                "{node}"
            );
            succeeds(folder, &format!("{line} f.safetensors"));
            let read = read_one(&folder.join("f.safetensors"), "features");
            assert!(read.allclose(&trace(node), 1e-5, 1e-6, false), "{node}");
        }
    }
    let listed = || -> Vec<String> {
        serde_json::from_str(&std::fs::read_to_string(folder.join("f.names.json")).unwrap()).unwrap()
    };
    assert_eq!(listed(), IMAGES.map(|(path, _)| path));

    let said = succeeds(folder, &format!("{EMBED} --node pool1 --pool pets --output f.npy"));
    assert!(said.starts_with("pool1 5x6\n"), "{said}");
    let mean = trace("pool1").mean_dim([2, 3].as_slice(), false, None);
    assert!(Tensor::read_npy(folder.join("f.npy")).unwrap().allclose(&mean, 1e-5, 1e-6, false));

    // Rows and names of those that are left.
    let line = format!("{EMBED} --node main.fc --batch-size 2 --on-bad-image skip --output f.npy");
    let skipped = tiny(folder, &format!("{line} broken.png pets/b gone.png pets/c"));
    assert_eq!((skipped.code, skipped.out.lines().next()), (Some(0), Some("main.fc 4x3")), "{}", skipped.err);
    assert!(skipped.err.starts_with("warning: 2 images were skipped:"), "{}", skipped.err);
    let rows = Tensor::read_npy(folder.join("f.npy")).unwrap();
    assert!(rows.allclose(&trace("main.fc").narrow(0, 1, 4), 1e-5, 1e-6, false));
    assert_eq!(listed(), IMAGES[1..].iter().map(|(path, _)| *path).collect::<Vec<_>>());
}

fn outputs_that_cannot_be_features_are_refused(folder: &Path) {
    let refused = |node: &str, expected: &str| {
        fails(folder, &format!("{EMBED} --output no.npy pets --node {node}"), 1, expected);
        assert!(!folder.join("no.npy").exists() && !folder.join("no.names.json").exists());
    };
    refused("conv", "`Tiny` has no output `conv`; did you mean `conv1`?\n`summary --inference` lists all\n");
    refused("conv2.bn", "did you mean `conv1.bn`?");
    refused("main", "has no output `main`, which has no value of its own; the last output in it is `main.fc`");
    refused("something.else", "`Tiny` has no output `something.else`\n");
    refused("aux1.fc", "`aux1.fc` of `Tiny` is computed in training only");
    refused("main.fc --pool", "`main.fc` of `Tiny` is [1, 3], without height and width to take the mean over");
    refused("pool1 broken.png", "cannot decode `broken.png`");
    fails(folder, &format!("{EMBED} --output no.bin --node pool1 pets"), 2, "must end in .safetensors or .npy");
    fails(folder, &format!("{EMBED} --output nowhere/no.npy --node pool1 pets"), 3, "cannot write `nowhere/no.npy`");
}

fn stages_and_branches_are_shown(folder: &Path) {
    let rows = |style: &str| -> Vec<Vec<String>> {
        let out = succeeds(folder, &format!("summary --device cpu --batch 2 --style {style}"));
        let (title, table) = out.split_once("\n\n").unwrap();
        assert_eq!(title, "Tiny: input 2x1x8x8");
        table.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    };
    let expected = [
        vec!["stage", "ends", "with", "shape"],
        vec!["0", "pool1", "2x6x4x4"],
        vec!["1", "norm1", "2x6x4x4"],
        vec!["2", "main.0", "2x96"],
        vec!["3", "main.1", "2x96"],
        vec!["4", "main.fc", "2x3"],
    ];
    assert_eq!(rows("stages"), expected);
    assert_eq!(rows("branches"), [vec!["nothing", "in", "it", "has", "branches"]]);
}
