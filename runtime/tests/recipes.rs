//! The embedded recipes: that they say what their sources say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use googlenetc_runtime::train::{Adam, Averaging, Extent, Mean, OptimizerConfig, Polyak, Recipe, Sgd};
use std::path::Path;

/// Training images of ImageNet.
const IMAGENET: usize = 1_281_167;

fn recipe(name: &str) -> Recipe {
    Recipe::read(Path::new(name)).unwrap()
}

fn extent(recipe: &Recipe, images: usize) -> Extent {
    recipe.extent(images.div_ceil(recipe.batch_size)).unwrap()
}

#[track_caller]
fn assert_rates(name: &str, images: usize, expected: &[(usize, f64)]) {
    let recipe = recipe(name);
    let run = extent(&recipe, images);
    for &(step, expected) in expected {
        let rate = recipe.schedule.rate(step, run, recipe.learning_rate);
        assert!((rate / expected - 1.0).abs() < 1e-9, "{name}: the rate of step {step} is {rate}, not {expected}");
    }
}

#[test]
fn every_recipe_is_read_back_as_it_is_printed() {
    for embedded in googlenetc_specs::RECIPES {
        let first = recipe(embedded.name);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recipe.yaml");
        first.write(&path).unwrap();
        assert_eq!(Recipe::read(&path).unwrap(), first, "{}", embedded.name);
    }
}

/// The solvers of `bvlc_googlenet`: 10 and 2.4 million iterations of 32 images, and poly with power 0.5.
#[test]
fn caffes_recipes_are_its_solvers() {
    let sgd = OptimizerConfig::Sgd(Sgd { momentum: 0.9, nesterov: false });
    for (name, steps, epochs) in [("caffe", 10_000_000, 250), ("caffe-quick", 2_400_000, 60)] {
        let recipe = recipe(name);
        assert_eq!((recipe.batch_size, recipe.optimizer, recipe.learning_rate), (32, sgd, 0.01));
        assert_eq!((recipe.steps, recipe.weight_decay), (Some(steps), 2e-4));
        let run = extent(&recipe, IMAGENET);
        assert_eq!((run.steps, run.epochs()), (steps, epochs));
    }
    assert_rates(
        "caffe",
        IMAGENET,
        &[(0, 0.01), (319_999, 0.01), (320_000, 0.0096), (640_000, 0.009_216), (3_200_000, 0.01 * 0.96_f64.powi(10))],
    );
    assert_rates(
        "caffe-quick",
        IMAGENET,
        &[(0, 0.01), (600_000, 0.01 * 0.75_f64.sqrt()), (1_800_000, 0.005), (2_376_000, 0.001)],
    );
}

#[test]
fn the_papers_rate_falls_every_eight_epochs() {
    let recipe = recipe("paper");
    assert_eq!(recipe.averaging.map(|Averaging { mean, .. }| mean), Some(Mean::Polyak(Polyak {})));
    let epoch = IMAGENET.div_ceil(32);
    assert_rates(
        "paper",
        IMAGENET,
        &[(8 * epoch - 1, 0.01), (8 * epoch, 0.0096), (80 * epoch, 0.01 * 0.96_f64.powi(10))],
    );
}

#[test]
fn torchvisions_rate_falls_every_thirty_epochs() {
    let recipe = recipe("torchvision");
    assert_eq!((recipe.epochs, recipe.weight_decay, recipe.label_smoothing), (90, 1e-4, 0.0));
    let epoch = IMAGENET.div_ceil(32);
    assert_rates("torchvision", IMAGENET, &[(30 * epoch - 1, 0.1), (30 * epoch, 0.01), (89 * epoch, 0.001)]);
}

#[test]
fn the_source_networks_recipes_are_theirs() {
    let adam = OptimizerConfig::Adam(Adam::default());
    let tiny = recipe("tiny-imagenet");
    assert_eq!((tiny.epochs, tiny.batch_size, tiny.optimizer, tiny.validation), (15, 64, adam, None));
    let fashion = recipe("fashion-mnist");
    assert_eq!((fashion.epochs, fashion.batch_size, fashion.optimizer), (10, 32, adam));
    assert_eq!(fashion.validation, Some(0.2));
    // 48,000 of 60,000 images are trained on: 1,500 steps an epoch.
    assert_eq!(extent(&fashion, 48_000).steps_per_epoch.get(), 1500);
    for name in ["tiny-imagenet", "fashion-mnist"] {
        assert_rates(name, 48_000, &[(0, 1e-3), (5000, 1e-3)]);
    }
}

#[test]
fn the_digits_recipe_is_what_is_usual() {
    let digits = recipe("digits");
    assert_eq!(digits, Recipe::default());
}
