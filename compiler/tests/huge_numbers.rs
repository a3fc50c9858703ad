//! Numbers as large as a spec can say: every command ends soon and in a verdict, and none overflows.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests of the command write files")]

mod common;

use common::{command, folder};
use process_control::{ChildExt, Control};
use std::process::Stdio;
use std::time::Duration;

/// An answer should take a second. Tests are not optimised and share a busy machine, so this catches what grows without bound.
const PATIENCE: Duration = Duration::from_secs(120);

/// Specs and whether they are right.
const SPECS: [(&str, bool); 5] = [
    (
        "network: Net\ninput: 1x2147483648x2147483648\nclasses: 3\n\
         body: [batchnorm, relu, batchnorm, relu, batchnorm, relu, batchnorm, relu, batchnorm]\n\
         heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n",
        true,
    ),
    // One block with two strides, whose shares of the size the generated code tells.
    (
        "network: Net\ninput: 1x1125899906842624x1\nclasses: 10\n\
         blocks: {b: {parameters: [s], layers: [c: conv 1x1/$s 1 pad=0, p: conv 1x1 1]}}\n\
         stem: {a: conv 1x1 1}\nbody: [z: b 1]\n\
         heads:\n  aux: {from: a, layers: [x: b 1125899906842624, flatten, linear $classes]}\n  \
         main: {from: z, layers: [y: maxpool global, flatten, linear $classes]}\n",
        true,
    ),
    // Kernels for which a padding is looked for that mends the size.
    (
        "network: Net\ninput: 1x8x8\nclasses: 10\n\
         stem: {c: conv 9007199254740991x9007199254740991 1 -> 1x5x5}\n\
         heads: {main: {layers: [flatten, linear $classes]}}\n",
        false,
    ),
    (
        "network: Net\ninput: 1x8x8\nclasses: 10\n\
         stem: {c: conv 9007199254740991x9007199254740989 1 -> 1x5x5}\n\
         heads: {main: {layers: [flatten, linear $classes]}}\n",
        false,
    ),
    (
        "network: Net\ninput: 9007199254740992x1x1\nclasses: 9007199254740992\nstem: {c: relu}\n\
         heads: {main: {layers: [flatten, linear $classes]}}\n",
        false,
    ),
];

const COMMANDS: [&str; 15] = [
    "check net.yaml",
    "check net.yaml --at 2147483647",
    "report net.yaml --batch 2147483648 --layers",
    "report net.yaml --batch 2147483648 --format csv --depth 3",
    "report net.yaml --batch 2147483648 --format json --dtype f64 --sizes",
    "report net.yaml --style torchinfo --batch 2147483648 --all-columns",
    "report net.yaml --style torchsummary --batch 2147483648",
    "report net.yaml --style repr",
    "report net.yaml --layout pytorch",
    "report net.yaml --against szegedy2015",
    "diagram net.yaml",
    "build net.yaml --output net.rs",
    "diff net.yaml net.yaml",
    "diff net.yaml squeezenet-1.1",
    "fmt net.yaml --to gnet",
];

#[test]
fn every_command_ends_in_a_verdict() {
    for (spec, is_right) in SPECS {
        let folder = folder(&[("net.yaml", spec)]);
        for line in COMMANDS {
            let words: Vec<&str> = line.split(' ').collect();
            let child = command(&folder, &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            let output = child.controlled_with_output().time_limit(PATIENCE).terminate_for_timeout().wait().unwrap();
            let output = output.unwrap_or_else(|| panic!("{line}: no answer in {PATIENCE:?} to\n{spec}"));
            let messages = String::from_utf8(output.stderr).unwrap();
            assert!(!messages.contains("panicked"), "{line}:\n{messages}\n{spec}");
            assert!(matches!(output.status.code(), Some(0 | 1)), "{line}: {:?}\n{messages}\n{spec}", output.status);
            if line == "check net.yaml" {
                assert_eq!(output.status.success(), is_right, "{messages}");
            }
        }
    }
}

/// Two thousand million images have as often as many multiply-adds as one.
#[test]
fn sums_are_whole_in_the_largest_batch() {
    let folder = folder(&[]);
    let (one, unit) = sum(&folder, "1");
    assert_eq!(unit, "(Units.GIGABYTES):");
    let (most, unit) = sum(&folder, "2147483648");
    assert_eq!(unit, "(Units.TERABYTES):");
    // One image's number is rounded to two decimals.
    let expected = one * 2_147_483_648.0 / 1000.0;
    assert!((most / expected - 1.0).abs() < 0.005 / one, "{most} in place of {expected}");
}

/// What torchinfo's style says of Inception-v4's multiply-adds, and in which unit.
fn sum(folder: &tempfile::TempDir, batch: &str) -> (f64, String) {
    let output = common::run(folder, &["report", "inception-v4", "--style", "torchinfo", "--batch", batch]);
    let text = common::stdout(&output);
    let line = text.lines().find(|line| line.starts_with("Total mult-adds")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    (words[3].parse().unwrap(), words[2].to_owned())
}
