//! Runs of which a checkpoint must hold everything: images are changed at random, by several workers.

use googlenetc_runtime::data::ImageSteps;
use googlenetc_runtime::train::{CheckpointPlan, OptimizerConfig, Recipe};
use std::fs;
use std::path::Path;

pub(crate) fn recipe(optimizer: OptimizerConfig, checkpoints: CheckpointPlan) -> Recipe {
    let images = ImageSteps {
        training: serde_json::from_str(r#"["resize", "horizontal-flip", {"shift": 0.1}]"#).unwrap(),
        testing: serde_json::from_str(r#"["resize"]"#).unwrap(),
    };
    let (seed, workers, weight_decay, learning_rate) = (3, 2, 1e-3, 0.01);
    Recipe { optimizer, checkpoints, seed, workers, weight_decay, learning_rate, images, ..Recipe::default() }
}

/// What a run leaves which must not depend on how often it was broken off: the last weights, the best, and the table without times.
pub(crate) fn outcome(folder: &Path) -> (Vec<u8>, Vec<u8>, String) {
    let weights = |name: &str| fs::read(folder.join(name)).unwrap();
    let table = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    let table = table.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect();
    (weights("last.safetensors"), weights("best.safetensors"), table)
}
