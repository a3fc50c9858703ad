//! `check`: many specs at once, libraries, folders, every form of messages, the cap, watching.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests of the command read and write files")]

#[path = "../common/mod.rs"]
mod common;

mod forms;
mod json;
mod several;
mod watch;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};

use common::{command, folder};
use serde_json::Value;

const LIBRARY: &str = "blocks: {pair: {parameters: [n], layers: [conv 1x1 $n, conv 3x3 $n]}}\n";

/// A spec with as many misspelt attributes, each on a line of its own.
fn many_mistakes(count: usize) -> String {
    let mut spec = String::from("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n");
    for number in 0..count {
        writeln!(spec, "  conv{number}: conv 3x3 8 pading={number}").expect("a string takes no failure");
    }
    spec + "heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n"
}

/// What a program that is fed with `text` prints.
fn feed(arguments: &[&str], text: &str) -> Output {
    let empty = folder(&[]);
    let mut command = command(&empty, arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}
