//! docs/from-pytorch.md: what PyTorch wrote and what comes of it.

use super::variables;
use crate::place::Place;
use googlenetc_runtime::tch::{Device, Kind, Tensor, manual_seed};
use std::path::Path;

/// Weights of the crate in `folder` as somebody has them who trained elsewhere: variables between 0 and 1, variances among them.
pub(super) fn bring_weights(place: &Place, folder: &Path, name: &str) {
    manual_seed(2);
    let spec = std::fs::read_dir(folder.join("specs")).unwrap().next().unwrap().unwrap().path();
    let arguments = [spec.to_str().unwrap(), "--layout", "pytorch", "--format", "csv"];
    let tensor = |shape: &[i64]| Tensor::rand(shape, (Kind::Float, Device::Cpu));
    let drawn: Vec<_> =
        variables(place, folder, &arguments).iter().map(|(key, shape)| (key.clone(), tensor(shape))).collect();
    // What counts is the content, not the name.
    Tensor::write_safetensors(&drawn, folder.join(name)).unwrap();
}

/// The files that the page's Python writes, and the checkpoint of its last block.
pub(super) fn bring(place: &Place, folder: &Path) {
    bring_weights(place, folder, "small.pth");
    std::fs::copy(folder.join("small.pth"), folder.join("small.safetensors")).unwrap();
    let images = Tensor::rand([2, 3, 64, 64], (Kind::Float, Device::Cpu));
    Tensor::write_safetensors(&[("input", images)], folder.join("x.safetensors")).unwrap();
}

/// Every output that Python compared was there, and the same; without Python, there are outputs.
pub(super) fn compare(place: &Place, said: &str) {
    let ours = Tensor::read_safetensors(place.path("../small/y.safetensors")).unwrap();
    assert!(ours.iter().any(|(name, logits)| name == "main" && logits.size() == [2, 10]));
    assert!(ours.iter().any(|(name, _)| name == "trace.mixed1.branch1.conv"));
    if std::env::var_os("PAGES_PYTHON").is_some() {
        let lines: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("logits ")).collect();
        let differences: Vec<f64> = lines.iter().filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
        assert!(differences.len() > 20 && differences.iter().all(|difference| *difference < 1e-5), "{lines:?}");
    }
}
