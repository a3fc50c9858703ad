//! Runs of which a checkpoint must hold everything: images are changed at random, by several workers.

use googlenetc_runtime::data::ImageSteps;
use googlenetc_runtime::train::{CheckpointPlan, OptimizerConfig, Recipe};

pub(crate) fn recipe(optimizer: OptimizerConfig, checkpoints: CheckpointPlan) -> Recipe {
    let images = ImageSteps {
        training: serde_json::from_str(r#"["resize", "horizontal-flip", {"shift": 0.1}]"#).unwrap(),
        testing: serde_json::from_str(r#"["resize"]"#).unwrap(),
    };
    let (seed, workers, weight_decay, learning_rate) = (3, 2, 1e-3, 0.01);
    Recipe { optimizer, checkpoints, seed, workers, weight_decay, learning_rate, images, ..Recipe::default() }
}
