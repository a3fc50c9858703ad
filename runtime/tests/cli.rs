//! The command line of a network, run as a program of its own.
//!
//! This file is a program without a test harness: told so by the environment it is the network's program, otherwise
//! it runs itself as that and looks at what comes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;
mod halves;

use common::Tiny;
use googlenetc_runtime::cli::{self, Defaults};
use googlenetc_runtime::data::Dataset;
use halves::halves;
use std::path::Path;
use std::process::{Command, ExitCode};

const ROLE: &str = "TINY_IS_THE_PROGRAM";

fn main() -> ExitCode {
    match std::env::var(ROLE).as_deref() {
        Ok("plain") => return cli::run::<Tiny>(),
        Ok("with defaults") => return cli::run_with::<Tiny>(Defaults { data: Some("bundled") }),
        _ => {}
    }
    let folder = tempfile::tempdir().unwrap();
    write_data(folder.path(), "train", &halves(90));
    write_data(folder.path(), "t10k", &halves(30));
    wrong_usage_is_2(folder.path());
    missing_files_are_3(folder.path());
    an_absent_device_is_an_error(folder.path());
    a_default_stands_in_for_data(folder.path());
    a_network_is_trained_evaluated_and_used(folder.path());
    ExitCode::SUCCESS
}

struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in `folder` with the words of `line`.
fn tiny(folder: &Path, line: &str) -> Outcome {
    run_as("plain", folder, line)
}

fn run_as(role: &str, folder: &Path, line: &str) -> Outcome {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(line.split_whitespace())
        .current_dir(folder)
        .env(ROLE, role)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[track_caller]
fn assert_fails(folder: &Path, line: &str, code: i32, expected: &str) {
    let outcome = tiny(folder, line);
    assert_eq!(outcome.code, Some(code), "tiny {line}: {}", outcome.err);
    assert!(outcome.err.contains(expected), "tiny {line}: `{}` does not say `{expected}`", outcome.err);
    assert_eq!(outcome.out, "", "tiny {line}");
}

fn wrong_usage_is_2(folder: &Path) {
    assert_fails(folder, "", 2, "Usage:");
    assert_fails(folder, "trian", 2, "train");
    assert_fails(folder, "train", 2, "--data <DIR>");
    assert_fails(folder, "train --data . --epochs 0", 2, "must be at least 1");
    assert_fails(folder, "train --data . --batch-size many", 2, "must be a whole number");
    assert_fails(folder, "train --data . --lr -1", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --lr nan", 2, "must be a number above 0");
    assert_fails(folder, "train --data . --momentum 1", 2, "must be a number from 0 and below 1");
    assert_fails(folder, "train --data . --optimizer rmsprop", 2, "[possible values: sgd, adam]");
    assert_fails(folder, "train --data . --force", 2, "--out <DIR>");
    assert_fails(folder, "evaluate --data .", 2, "--weights <FILE>");
    assert_fails(folder, "predict --weights a.safetensors", 2, "IMAGE");
    let help = tiny(folder, "train --help");
    assert_eq!(help.code, Some(0));
    assert!(help.out.contains("[default: 32]"), "{}", help.out);
}

fn missing_files_are_3(folder: &Path) {
    assert_fails(folder, "train --data nowhere", 3, "train-images-idx3-ubyte");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
    assert_fails(folder, "evaluate --data . --weights none.safetensors", 3, "none.safetensors");
    assert_fails(folder, "predict --weights none.safetensors a.png", 3, "none.safetensors");
}

fn an_absent_device_is_an_error(folder: &Path) {
    assert_fails(folder, "train --data . --device gpu", 2, "must be auto, cpu, cuda, cuda:N or mps");
    let absent = "train --data . --device cuda:99";
    assert_fails(folder, absent, 1, "error: cannot use `cuda:99`: ");
    assert_fails(folder, &format!("{absent} --quiet"), 1, "error: cannot use `cuda:99`: ");
    assert!(!folder.join("runs").exists(), "a run that cannot start leaves no folder");
}

fn a_default_stands_in_for_data(folder: &Path) {
    let outcome = run_as("with defaults", folder, "train");
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.err.contains("bundled/train-images-idx3-ubyte"), "{}", outcome.err);
    let help = run_as("with defaults", folder, "evaluate --help");
    assert!(help.out.contains("[default: bundled]"), "{}", help.out);
}

fn a_network_is_trained_evaluated_and_used(folder: &Path) {
    let train = tiny(folder, "train --data . --epochs 4 --batch-size 10 --lr 0.01");
    assert_eq!(train.code, Some(0), "{}", train.err);
    assert!(train.out.starts_with("test accuracy 100.00 % (30 images) after 4 epochs"), "{}", train.out);
    assert!(train.err.contains("4 epochs on "), "{}", train.err);
    assert_eq!(train.err.lines().filter(|line| line.starts_with("epoch ")).count(), 4, "{}", train.err);

    let quiet = tiny(folder, "train --data . --epochs 1 --quiet --validation 0.5");
    assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
    assert!(quiet.out.starts_with("validation accuracy") && quiet.out.contains("(45 images)"), "{}", quiet.out);
    assert!(quiet.out.contains("runs/tiny-2/last.safetensors"), "{}", quiet.out);
    assert_fails(folder, "train --data . --out runs/tiny-2", 1, "`runs/tiny-2` exists already");

    let evaluate = tiny(folder, "evaluate --data . --weights runs/tiny-1/last.safetensors");
    assert_eq!(evaluate.code, Some(0), "{}", evaluate.err);
    assert!(evaluate.out.contains("images 30\n"), "{}", evaluate.out);
    assert!(evaluate.err.starts_with("device "), "{}", evaluate.err);
    let named = tiny(folder, "evaluate --data . --weights runs/tiny-1/last.safetensors --device cpu");
    assert_eq!((named.out, named.err.as_str()), (evaluate.out.clone(), ""));
    assert!(evaluate.out.ends_with("top-1 error 0.00 %\ntop-5 error 0.00 %\n"), "{}", evaluate.out);

    // Image 1 of the data is of class 1.
    let pixels = halves(30).image(1).to_vec();
    image::GrayImage::from_raw(8, 8, pixels).unwrap().save(folder.join("one.png")).unwrap();
    let predict = tiny(folder, "predict --weights runs/tiny-1/last.safetensors --top 2 one.png");
    assert!(predict.out.starts_with("one.png: 1 ") && predict.out.matches(" %").count() == 2, "{}", predict.out);
    std::fs::write(folder.join("text.png"), "no image").unwrap();
    assert_fails(folder, "predict --weights runs/tiny-1/last.safetensors text.png", 1, "`text.png` is no PNG");
}

/// Writes `dataset` in the IDX format.
fn write_data(folder: &Path, prefix: &str, dataset: &Dataset) {
    let count = u32::try_from(dataset.len()).unwrap().to_be_bytes();
    let images = [&[0, 0, 8, 3][..], &count, &8_u32.to_be_bytes(), &8_u32.to_be_bytes(), dataset.pixels()].concat();
    std::fs::write(folder.join(format!("{prefix}-images-idx3-ubyte")), images).unwrap();
    let labels: Vec<u8> = dataset.labels().iter().map(|&label| u8::try_from(label).unwrap()).collect();
    let labels = [&[0, 0, 8, 1][..], &count, &labels].concat();
    std::fs::write(folder.join(format!("{prefix}-labels-idx1-ubyte")), labels).unwrap();
}
