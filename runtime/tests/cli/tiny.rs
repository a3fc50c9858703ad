//! The program, and the files that it is given.

use super::program::{self, Outcome};
use googlenetc_runtime::data::{Dataset, Source};
use googlenetc_runtime::tch::{Device, Kind, Tensor};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What tells this program that it is the network's.
pub(crate) const ROLE: &str = "TINY_IS_THE_PROGRAM";

/// Runs the program in `folder` with the words of `line`.
pub(crate) fn tiny(folder: &Path, line: &str) -> Outcome {
    run_as("plain", folder, line)
}

pub(crate) fn run_as(role: &str, folder: &Path, line: &str) -> Outcome {
    program::run(&mut command(role, folder, line), b"")
}

/// The program that is what `role` says.
pub(crate) fn command(role: &str, folder: &Path, line: &str) -> Command {
    program::command((ROLE, role), folder, line)
}

#[track_caller]
pub(crate) fn assert_fails(folder: &Path, line: &str, code: i32, expected: &str) {
    let outcome = tiny(folder, line);
    outcome.assert_failed(line, code, expected);
    assert_eq!(outcome.out, "", "tiny {line}");
}

/// Writes a tensor under a name. The values are 0.0, 0.01, 0.02, ...
pub(crate) fn write_tensor(path: &Path, name: &str, shape: &[i64], kind: Kind) {
    let values = Tensor::arange(shape.iter().product::<i64>(), (Kind::Double, Device::Cpu)) * 0.01;
    let tensor = values.view(shape).to_kind(kind);
    Tensor::write_safetensors(&[(name, tensor)], path).unwrap();
}

pub(crate) fn read_tensors(path: &Path) -> BTreeMap<String, Tensor> {
    Tensor::read_safetensors(path).unwrap().into_iter().collect()
}

/// Writes `dataset` in the IDX format.
pub(crate) fn write_data(folder: &Path, prefix: &str, dataset: &Dataset) {
    let count = u32::try_from(dataset.len()).unwrap().to_be_bytes();
    let images = [&[0, 0, 8, 3][..], &count, &8_u32.to_be_bytes(), &8_u32.to_be_bytes(), dataset.pixels()].concat();
    std::fs::write(folder.join(format!("{prefix}-images-idx3-ubyte")), images).unwrap();
    let labels: Vec<u8> = dataset.labels().iter().map(|&label| u8::try_from(label).unwrap()).collect();
    let labels = [&[0, 0, 8, 1][..], &count, &labels].concat();
    std::fs::write(folder.join(format!("{prefix}-labels-idx1-ubyte")), labels).unwrap();
}
