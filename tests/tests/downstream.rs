//! A crate as a user would have it: outside the workspace, with a three-line `build.rs`, a spec, and tests of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use googlenetc_tests::outside::{Outside, PROFILE, said};
use googlenetc_tests::workspace;

const SPEC: &str = "\
network: Tiny
input: 1x8x8
classes: 3
stem:
  conv1: conv 3x3 4 bias activation=relu -> 4x8x8
  pool1: maxpool 2x2
heads: {main: {layers: [flatten, fc: linear $classes]}}
";

const MAIN: &str = r#"#![deny(warnings)]
use googlenetc_runtime::tch::{Device, Kind, nn::VarStore};

googlenetc_runtime::include_network!("tiny");

fn main() {
    let store = VarStore::new(Device::Cpu);
    let x = Tensor::zeros([2, 1, 8, 8], (Kind::Float, Device::Cpu));
    let output = Tiny::new(&store.root()).forward(&x, Mode::INFERENCE, &Probe::silent());
    println!("{:?}", output.main.size());
    println!("{}/tiny.rs", env!("OUT_DIR"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_two_layers_with_parameters() {
        let store = VarStore::new(Device::Cpu);
        Tiny::new(&store.root());
        assert_eq!(store.trainable_variables().len(), 4);
    }
}
"#;

/// 1*9*4 + 4 parameters and 36*64 multiply-adds; then 4*4*4 * 3 and 3 more.
const REPORT_TEST: &str = r#"#[test]
fn report() {
    insta::assert_snapshot!(googlenetc::build::report("tiny.yaml").unwrap(), @r"
    Tiny: 1x8x8 -> 3 classes

    type                 patch/stride  output  depth  parameters  multiply-adds  activations  field  field stride
    convolution (conv1)         3x3/1   4x8x8      1          40          2,304      2.0 KiB      3             1
    max pool (pool1)            2x2/2   4x4x4      0                                   256 B      4             2
    flatten                                64      0                                             10
    linear (fc)                             3      1         195            192         12 B     10

    head main: from pool1, always, loss weight 1
    depth: 2 layers with parameters, from the input to main

    total      parameters  multiply-adds  weights  activations  peak memory  peak at
    training          235          2,496    940 B      2.3 KiB      2.3 KiB    conv1
    inference         235          2,496    940 B      2.3 KiB      2.0 KiB    conv1
    memory for 1 sample of f32
    ");
}
"#;

/// The user's crate.
struct Downstream(Outside);

impl Downstream {
    fn new() -> Self {
        let made = Outside::new();
        made.write("Cargo.toml", &manifest());
        made.write("build.rs", &readme("// build.rs"));
        made.write("tiny.yaml", SPEC);
        made.write("src/main.rs", MAIN);
        made.write("src/bin/readme.rs", &readme("// src/main.rs"));
        made.write("tests/report.rs", REPORT_TEST);
        Self(made)
    }

    fn write(&self, name: &str, text: &str) {
        self.0.write(name, text);
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = self.0.cargo_with_libtorch(arguments);
        command.env("INSTA_UPDATE", "no").output().expect("cargo starts")
    }

    /// Tests too: without what they need, cargo would build the runtime twice, with other features of its dependencies. The crates of
    /// `kept_code.rs` are built without.
    fn build(&self) -> Output {
        self.cargo(&["build", "--quiet", "--all-targets"])
    }

    /// What the program prints: the shape of its output, and where its generated module lies.
    fn run(&self) -> (String, PathBuf) {
        let program = self.0.target.join("debug/googlenetc-downstream");
        let output = Command::new(program).env_remove("LD_LIBRARY_PATH").output().expect("the program starts");
        assert!(output.status.success(), "{}", said(&output));
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        let (shape, module) = printed.trim().split_once('\n').expect("it prints two lines");
        (shape.into(), module.into())
    }
}

impl Drop for Downstream {
    /// Every folder makes another package, whose artifacts would pile up.
    fn drop(&mut self) {
        self.cargo(&["clean", "--quiet", "--package", "googlenetc-downstream"]);
    }
}

/// The file that README.md shows under this first line, for this crate's spec.
fn readme(first_line: &str) -> String {
    let page = std::fs::read_to_string(workspace().join("README.md")).expect("there is a README");
    let fence = page.split("```rust\n").skip(1).find(|rest| rest.starts_with(first_line)).expect("README shows it");
    let code = fence.split("```").next().expect("a fence has an end");
    code.replace("specs/googlenet.yaml", "tiny.yaml").replace("googlenet\"", "tiny\"").replace("GoogLeNet", "Tiny")
}

/// What README.md shows of Cargo.toml, and what else this crate needs.
fn manifest() -> String {
    let root = workspace().display();
    let page = std::fs::read_to_string(workspace().join("README.md")).expect("there is a README");
    let shown = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("README shows it");
    let shown = shown.replace("../googlenetc", &root.to_string());
    format!(
        r#"[package]
name = "googlenetc-downstream"
version = "0.0.0"
edition = "2024"
default-run = "googlenetc-downstream"

{shown}
[dev-dependencies]
googlenetc = {{ path = '{root}/compiler', default-features = false }}
insta = "1"

{PROFILE}
[workspace]
"#
    )
}

fn modified(path: &Path) -> SystemTime {
    path.metadata().and_then(|data| data.modified()).expect("the file is there")
}

#[test]
fn a_crate_outside_the_workspace() {
    let downstream = Downstream::new();
    it_builds_and_starts(&downstream);
    its_tests_pass(&downstream);
    a_touched_spec_rewrites_nothing(&downstream);
    an_edited_spec_is_built_anew(&downstream);
    a_wrong_spec_stops_the_build_with_its_message(&downstream);
}

fn it_builds_and_starts(downstream: &Downstream) {
    let built = downstream.build();
    assert!(built.status.success(), "{}", said(&built));
    assert_eq!(said(&built), "", "not even a warning");
    assert_eq!(downstream.run().0, "[2, 3]");
    let program = Command::new(downstream.0.target.join("debug/readme")).arg("--help").output().expect("it starts");
    assert!(program.status.success() && said(&program).contains("predict"), "{}", said(&program));
}

fn its_tests_pass(downstream: &Downstream) {
    let tested = downstream.cargo(&["test"]);
    assert!(tested.status.success(), "{}", said(&tested));
    assert_eq!(said(&tested).matches("test result: ok. 1 passed").count(), 2, "{}", said(&tested));
}

fn a_touched_spec_rewrites_nothing(downstream: &Downstream) {
    let module = downstream.run().1;
    let before = modified(&module);
    downstream.write("tiny.yaml", SPEC);
    assert!(downstream.build().status.success());
    assert_eq!(downstream.run().1, module);
    assert_eq!(modified(&module), before);
}

fn an_edited_spec_is_built_anew(downstream: &Downstream) {
    let module = downstream.run().1;
    let before = modified(&module);
    downstream.write("tiny.yaml", &SPEC.replace("classes: 3", "classes: 5"));
    assert!(downstream.build().status.success());
    assert_eq!(downstream.run().0, "[2, 5]");
    assert!(modified(&module) > before);
}

fn a_wrong_spec_stops_the_build_with_its_message(downstream: &Downstream) {
    downstream.write("tiny.yaml", &SPEC.replace("-> 4x8x8", "-> 5x8x8"));
    let built = downstream.build();
    assert!(!built.status.success());
    let said = said(&built);
    for part in ["error[E0301]", "tiny.yaml:5:", "asserted 5x8x8, derived 4x8x8"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    for part in ["panicked", "backtrace", "unwrap"] {
        assert!(!said.contains(part), "{part} is in:\n{said}");
    }
}
