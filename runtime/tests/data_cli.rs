//! Every kind of data set, through training for an epoch, evaluation and `data check`.
//!
//! Like `cli`, this is a program without a test harness: told so by the environment it is a network's program, for as many
//! classes as it is told, otherwise it runs itself as that and looks at what comes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod fixtures;
mod one_head;
mod program;

use fixtures::{cifar10, cifar100, folder, idx, tiny_imagenet, write};
use googlenetc_runtime::cli;
use googlenetc_runtime::init::Init;
use googlenetc_runtime::network::{Head, Mode, Network, Probe};
use googlenetc_runtime::nn;
use googlenetc_runtime::tch::Tensor;
use googlenetc_runtime::tch::nn::Path as Variables;
use one_head::{Logits, MAIN};
use program::Outcome;
use std::path::Path;
use std::process::ExitCode;

const CLASSES: &str = "SMALL_IS_THE_PROGRAM";

fn main() -> ExitCode {
    match std::env::var(CLASSES).as_deref() {
        Ok("3") => return cli::run::<Small<3>>(),
        Ok("10") => return cli::run::<Small<10>>(),
        Ok("20") => return cli::run::<Small<20>>(),
        Ok("100") => return cli::run::<Small<100>>(),
        _ => {}
    }
    every_kind_is_checked_trained_on_and_evaluated();
    how_images_are_loaded_changes_no_weight();
    bad_images_stop_or_are_skipped();
    what_is_wrong_is_said_before_anything_is_written();
    ExitCode::SUCCESS
}

/// 3x8x8 to so many classes.
#[derive(Debug)]
struct Small<const CLASSES: i64>(nn::Linear);

impl<const CLASSES: i64> Network for Small<CLASSES> {
    type Output = Logits;

    const NAME: &'static str = "Small";
    const SPEC_HASH: &'static str = "0123abcd";
    const INPUT: [i64; 3] = [3, 8, 8];
    const CLASSES: i64 = CLASSES;
    const HEADS: &'static [Head] = MAIN;

    fn new(p: &Variables) -> Self {
        Self(nn::Linear::new(&(p / "fc"), 192, CLASSES, Init::PyTorch, Some(Init::PyTorch)))
    }

    fn forward(&self, x: &Tensor, _mode: Mode, probe: &Probe<'_>) -> Logits {
        Logits(probe.see("fc", self.0.forward(&x.flatten(1, -1))))
    }
}

/// Runs the program for so many classes in `folder` with the words of `line`.
fn small(classes: usize, folder: &Path, line: &str) -> Outcome {
    program::run(&mut program::command((CLASSES, &classes.to_string()), folder, line), b"")
}

#[track_caller]
fn succeed(classes: usize, folder: &Path, line: &str) -> Outcome {
    let outcome = small(classes, folder, line);
    assert_eq!(outcome.code, Some(0), "{line}: {}", outcome.err);
    outcome
}

#[track_caller]
fn assert_starts(text: &str, expected: &str) {
    assert!(text.starts_with(expected), "`{text}` does not start with `{expected}`");
}

fn every_kind_is_checked_trained_on_and_evaluated() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    folder(&root.join("folder"));
    tiny_imagenet(&root.join("tiny"));
    idx(&root.join("idx"), false);
    idx(&root.join("idx-gz"), true);
    cifar10(&root.join("cifar10"));
    cifar100(&root.join("cifar100"));
    for (data, classes, kind, held_out) in [
        ("folder", 3, "image folder", "validation accuracy"),
        ("tiny", 3, "Tiny-ImageNet", "validation accuracy"),
        ("idx", 3, "IDX (MNIST)", "test accuracy"),
        ("idx-gz", 3, "IDX (MNIST)", "test accuracy"),
        ("cifar10", 10, "CIFAR-10", "test accuracy"),
        ("cifar100", 100, "CIFAR-100", "test accuracy"),
        ("cifar100 --coarse", 20, "CIFAR-100", "test accuracy"),
    ] {
        let check = succeed(classes, root, &format!("data check {data} --decode"));
        assert_starts(&check.out, &format!("{kind} in `{}`\n\ntraining: ", data.split(' ').next().unwrap()));
        let train = succeed(classes, root, &format!("train --data {data} --epochs 1 --device cpu --out run --force"));
        assert_starts(&train.out, held_out);
        assert!(!train.err.contains("warning"), "{}", train.err);
        let line = format!("evaluate --data {data} --device cpu --weights run/last.safetensors");
        let evaluate = succeed(classes, root, &line);
        // The accuracy of the end of training.
        let error =
            evaluate.out.lines().find_map(|line| line.strip_prefix("top-1 error ")?.strip_suffix(" %")).unwrap();
        let accuracy = format!("{held_out} {:.2} %", 100.0 - error.parse::<f64>().unwrap());
        assert_starts(&train.out, &accuracy);
    }
    // Colours of three classes are easily told apart.
    let train =
        succeed(3, root, "train --data folder --epochs 20 --lr 0.01 --device cpu --validation 0.25 --stratified");
    assert_starts(&train.out, "validation accuracy 100.00 % (6 images)");
    let json = succeed(3, root, "data check folder --json").out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["kind"], &json["parts"][0]["images"]), (&"image folder".into(), &24.into()));
    // Names of classes are kept with the weights: for predictions, and for folders that lack a class.
    let weights = "--device cpu --weights runs/small-1/last.safetensors";
    let predicted = succeed(3, root, &format!("predict {weights} --top 1 folder/val/green/9.png"));
    assert_starts(&predicted.out, "folder/val/green/9.png: green ");
    std::fs::create_dir(root.join("some")).unwrap();
    std::fs::rename(root.join("folder/val/red"), root.join("some/red")).unwrap();
    let evaluated = succeed(3, root, &format!("evaluate {weights} --data some"));
    assert!(evaluated.out.contains("\ntop-1 error 0.00 %\n"), "{}", evaluated.out);
}

fn how_images_are_loaded_changes_no_weight() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    folder(&root.join("pets"));
    let train = |options: &str| {
        succeed(3, root, &format!("train --data pets --epochs 2 --shift 0.2 --device cpu --out run --force {options}"));
        std::fs::read(root.join("run/last.safetensors")).unwrap()
    };
    let weights = train("--workers 1");
    for options in ["", "--workers 0", "--workers 3 --cache kept", "--cache kept", "--workers 2 --cache memory"] {
        assert_eq!(train(options), weights, "{options}");
    }
    assert_ne!(train("--seed 2"), weights);
    // A file for the training images and one for the validation images.
    assert_eq!(std::fs::read_dir(root.join("kept")).unwrap().count(), 2);
    let evaluate = |options: &str| {
        succeed(3, root, &format!("evaluate --data pets --weights run/last.safetensors --device cpu {options}")).out
    };
    assert_eq!(evaluate(""), evaluate("--workers 0 --cache kept"));
    assert_eq!(std::fs::read_dir(root.join("kept")).unwrap().count(), 2);
}

fn bad_images_stop_or_are_skipped() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    folder(&root.join("pets"));
    write(root.join("pets/train/blue/a0.png"), "no image");
    write(root.join("pets/val/red/8.png"), "");
    let check = small(3, root, "data check pets");
    assert_eq!((check.code, check.err.as_str()), (Some(1), "error: `pets` has problems\n"));
    assert!(check.out.contains("\n2 unreadable images:\n  cannot decode `pets/train/blue/a0.png`: "), "{}", check.out);

    let stopped = small(3, root, "train --data pets --epochs 2 --device cpu --quiet");
    assert_eq!(stopped.code, Some(1));
    assert_starts(&stopped.err, "error: cannot decode `pets/train/blue/a0.png`: ");
    let line = "train --data pets --epochs 2 --batch-size 5 --device cpu --quiet --on-bad-image skip --out run";
    let skipped = succeed(3, root, line);
    assert_starts(&skipped.err, "warning: 2 images were skipped:\n  cannot decode `pets/train/blue/a0.png`: ");
    assert!(skipped.err.ends_with("\nall are listed in run/bad-images.txt\n"), "{}", skipped.err);
    assert!(skipped.out.contains("(5 images)"), "{}", skipped.out);
    let list = std::fs::read_to_string(root.join("run/bad-images.txt")).unwrap();
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains("pets/train/blue/a0.png") && list.contains("pets/val/red/8.png"), "{list}");
    // However many workers there are.
    let weights = || std::fs::read(root.join("run/last.safetensors")).unwrap();
    let first = weights();
    succeed(3, root, &format!("{line} --force --workers 5"));
    assert!(first == weights(), "the workers change what is skipped");

    let evaluate = "evaluate --data pets --device cpu --weights run/last.safetensors";
    assert_starts(&small(3, root, evaluate).err, "error: cannot decode `pets/val/red/8.png`: ");
    let evaluate = succeed(3, root, &format!("{evaluate} --on-bad-image skip"));
    assert_starts(&evaluate.out, "images 5\n");
    assert_starts(&evaluate.err, "warning: 1 image was skipped:\n  cannot decode `pets/val/red/8.png`: ");

    for class in fixtures::CLASSES {
        for file in ["8.png", "9.png"] {
            write(root.join("pets/val").join(class).join(file), "");
        }
    }
    let nothing = small(3, root, "train --data pets --device cpu --quiet --on-bad-image skip");
    assert_eq!(nothing.code, Some(1));
    assert!(nothing.err.contains("error: no image could be read; 7 images were skipped:"), "{}", nothing.err);
}

fn what_is_wrong_is_said_before_anything_is_written() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    idx(&root.join("idx"), false);
    cifar10(&root.join("cifar10"));
    folder(&root.join("pets"));
    std::fs::remove_dir_all(root.join("pets/val")).unwrap();
    for (line, code, expected) in [
        ("nowhere", 3, "error: cannot find the folder `nowhere`: "),
        ("cifar10", 1, "error: the data set has 10 classes, but the network has 3 (0 to 2): "),
        ("pets", 1, "error: `pets` has no images to measure on: "),
        ("pets --validation 0.01", 1, "error: a share of 0.01 of 24 images leaves 24 to train on and 0 held out"),
        ("idx --coarse", 1, "error: only CIFAR-100 has superclasses (`--coarse`)"),
        ("idx --data-kind cifar100", 1, "error: no data set found in `idx`; looked for\n  CIFAR-100: "),
        ("idx --data-kind imagenet", 2, "error: invalid value 'imagenet'"),
        (
            "idx --stratified",
            1,
            "error: `stratified` says how `validation` images are chosen, and there is no `validation`",
        ),
    ] {
        let outcome = small(3, root, &format!("train --device cpu --data {line}"));
        outcome.assert_failed(line, code, expected);
        assert_starts(&outcome.err, expected);
    }
    assert!(!root.join("runs").exists(), "a run that cannot start leaves no folder");
    let warned = succeed(10, root, "train --device cpu --data idx --epochs 1 --quiet");
    assert_eq!(warned.err, "warning: the data set has 3 classes, but the network has 10\n");
    // Without a part that is held out, all of a folder is measured on.
    let weights = "--weights run/last.safetensors --device cpu";
    succeed(3, root, "train --device cpu --data pets --validation 0.5 --epochs 1 --quiet --out run");
    let all = succeed(3, root, &format!("evaluate --data pets/train {weights}"));
    assert_starts(&all.out, "images 24\n");
    assert_eq!(all.err, "no images are held out in `pets/train`, so all of them are measured on\n");
}
