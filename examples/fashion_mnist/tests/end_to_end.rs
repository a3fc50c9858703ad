//! Both networks go through the recipe of their source on a data set of that form, and print the lines of the source's program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../../../runtime/tests/fixtures/mod.rs"]
#[expect(dead_code, reason = "fixtures of other data sets")]
mod fixtures;
#[path = "../../../runtime/tests/fixtures/shown.rs"]
mod shown;

use fixtures::{gzip, idx_bytes, write};
use std::path::Path;
use std::process::{Command, Output};

/// 45 training images, of which a fifth is held out, and 10 test images; a bright row says the class.
fn fashion_mnist(root: &Path) {
    for (prefix, count) in [("train", 45), ("t10k", 10)] {
        let pixel = |i: usize| if i / 784 % 10 == i % 784 / 56 { 200 } else { u8::try_from(i % 40).unwrap() };
        let pixels: Vec<u8> = (0..count * 784).map(pixel).collect();
        let labels: Vec<u8> = (0..count).map(|i| u8::try_from(i % 10).unwrap()).collect();
        write(root.join(format!("{prefix}-images-idx3-ubyte.gz")), gzip(&idx_bytes(&[count, 28, 28], &pixels)));
        write(root.join(format!("{prefix}-labels-idx1-ubyte.gz")), gzip(&idx_bytes(&[count], &labels)));
    }
}

fn run(program: &str, folder: &Path, line: &str) -> Output {
    Command::new(program).args(line.split(' ')).current_dir(folder).output().unwrap()
}

/// What is printed, with a `#` for each number that has decimals.
fn without_numbers(text: &str) -> Vec<String> {
    let number = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let word = |word: &str| {
        let (name, value) = word.strip_prefix("Acc:").map_or(("", word), |value| ("Acc:", value));
        let (value, comma) = value.strip_suffix(',').map_or((value, ""), |value| (value, ","));
        if number(value) { format!("{name}#{comma}") } else { word.to_owned() }
    };
    text.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect()
}

/// Returns what training prints.
fn goes_through(program: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fashion_mnist(folder.path());
    let line = "train --data . --recipe fashion-mnist --epochs 1 --progress source --out run --device cpu";
    let Output { status, stdout, stderr } = run(program, folder.path(), line);
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{err}");
    let expected = [
        "Epoch [1/1], Step [1/2], Loss: #, Acc:#",
        "Epoch [1/1], Step [2/2], Loss: #, Acc:#",
        "Epoch [1/1], Step [1/1], Val Loss: #, Acc:#",
        "Epoch [1/1], Train Loss: #, Train Acc: #, Val Loss: #, Val Acc: #",
    ];
    let lines: Vec<String> = without_numbers(&err).into_iter().filter(|line| line.starts_with("Epoch")).collect();
    assert_eq!(lines, expected, "{err}");
    assert!(err.contains("36 training and 9 validation images"), "{err}");
    assert!(out.starts_with("validation accuracy "), "{out}");
    let recipe = std::fs::read_to_string(folder.path().join("run/recipe.yaml")).unwrap();
    assert!(recipe.contains("validation: 0.2"), "{recipe}");

    // The weights of the best epoch are kept, for the images that were held out all the time.
    let Output { status, stdout, stderr } =
        run(program, folder.path(), "evaluate --data . --weights run/best.safetensors --device cpu");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    assert!(stdout.starts_with(b"images 10\n"), "{}", String::from_utf8_lossy(&stdout));
    err + &out
}

#[test]
fn fashion_mnist_goes_through() {
    let printed = goes_through(env!("CARGO_BIN_EXE_fashion_mnist"));
    shown::lines_are_printed(env!("CARGO_MANIFEST_DIR"), 1, &printed);
}

#[test]
fn fashion_mnist_sequential_goes_through() {
    goes_through(env!("CARGO_BIN_EXE_fashion_mnist_sequential"));
}
