//! Training: that it learns, and that the seed decides everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod alone;
mod common;
mod halves;

use alone::alone;
use common::Tiny;
use googlenetc_runtime::data::{BadImages, ImageSteps, Source, split};
use googlenetc_runtime::device::{Choice, find};
use googlenetc_runtime::error::{ErrorKind, Result};
use googlenetc_runtime::precision::Precision;
use googlenetc_runtime::train::{
    Adam, Display, EpochResult, Images, Interrupt, Job, OptimizerConfig, Progress, Recipe, Sgd, train,
};
use halves::halves;
use std::path::Path;
use std::sync::Arc;

fn recipe(optimizer: OptimizerConfig, learning_rate: f64) -> Recipe {
    let images = ImageSteps {
        training: serde_json::from_str(r#"["resize", {"shift": 0.1}]"#).unwrap(),
        testing: serde_json::from_str(r#"["resize"]"#).unwrap(),
    };
    let (batch_size, seed, workers) = (16, 3, 2);
    Recipe { batch_size, optimizer, learning_rate, images, seed, workers, ..Recipe::default() }
}

fn run(recipe: &Recipe, folder: &Path) -> Result<Vec<EpochResult>> {
    let _guard = alone();
    let source: Arc<dyn Source> = Arc::new(halves(150));
    let (training, held_out) = split(&source, 0.2, 1, false)?;
    // The device that `GOOGLENETC_TEST_DEVICE` names, or the CPU.
    let choice = std::env::var("GOOGLENETC_TEST_DEVICE").map_or(Choice::Cpu, |name| name.parse().unwrap());
    let device = find(choice)?;
    let images = Images { training, held_out, held_out_name: "test" };
    let job = Job { images: &images, recipe, pretrained: None, device, folder, interrupt: Interrupt::default() };
    train::<Tiny>(&job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

#[test]
fn both_optimizers_learn_a_separable_problem() {
    for (optimizer, rate) in
        [(OptimizerConfig::Adam(Adam::default()), 0.01), (OptimizerConfig::Sgd(Sgd::default()), 0.05)]
    {
        let folder = tempfile::tempdir().unwrap();
        let results = run(&recipe(optimizer, rate), folder.path()).unwrap();
        let (first, last) = (&results[0], &results[4]);
        assert_eq!(last.held_out.images, 30);
        assert!(last.held_out.accuracy() > 0.99, "{optimizer:?}: {last:?}");
        // Five guesses always hold one of three classes.
        assert!(last.held_out.top5_error.abs() < 1e-9, "{last:?}");
        assert!(last.loss < 0.5 * first.loss, "{optimizer:?}: {first:?} {last:?}");
        let weighted = last.head_losses[0] + 0.3 * last.head_losses[1];
        assert!((last.loss - weighted).abs() < 1e-5, "{last:?}");
    }
}

#[test]
fn the_seed_decides_the_weights_and_the_workers_do_not() {
    let weights = |recipe: &Recipe| {
        let folder = tempfile::tempdir().unwrap();
        run(recipe, folder.path()).unwrap();
        std::fs::read(folder.path().join("last.safetensors")).unwrap()
    };
    let first = Recipe { epochs: 2, ..recipe(OptimizerConfig::Adam(Adam::default()), 0.01) };
    assert_eq!(weights(&first), weights(&Recipe { workers: 5, ..first.clone() }));
    assert_ne!(weights(&first), weights(&Recipe { seed: 4, ..first.clone() }));
}

/// bfloat16 has two to three digits, and that is how far the losses agree.
#[test]
fn bfloat16_learns_as_float32_does_and_the_seed_decides_it() {
    let trained = |precision| {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Recipe { epochs: 3, precision, ..recipe(OptimizerConfig::Sgd(Sgd::default()), 0.05) };
        let results = run(&recipe, folder.path()).unwrap();
        (results, std::fs::read(folder.path().join("last.safetensors")).unwrap())
    };
    let (float32, bfloat16) = (trained(Precision::Float32), trained(Precision::BFloat16));
    assert_ne!(float32.1, bfloat16.1);
    assert_eq!(bfloat16.1, trained(Precision::BFloat16).1);
    for (exact, rounded) in float32.0.iter().zip(&bfloat16.0) {
        assert!((exact.loss - rounded.loss).abs() < 0.02 * exact.loss, "{} {}", exact.loss, rounded.loss);
    }
}

#[test]
fn a_run_leaves_weights_and_a_table() {
    let folder = tempfile::tempdir().unwrap();
    run(&Recipe { epochs: 2, ..recipe(OptimizerConfig::Sgd(Sgd::default()), 0.05) }, folder.path()).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(
        files,
        [
            ".lock",
            "best.safetensors",
            "checkpoints",
            "confusion.csv",
            "confusion.png",
            "curves.png",
            "curves.svg",
            "events.out.tfevents.0.googlenetc",
            "last.safetensors",
            "log.txt",
            "metrics.csv",
            "recipe.yaml",
            "report.html",
            "run.json",
            "steps.jsonl"
        ]
    );
    let table = std::fs::read_to_string(folder.path().join("metrics.csv")).unwrap();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        lines[0].join(","),
        "epoch,step,learning_rate,train_loss,train_loss_main,train_loss_aux1,train_accuracy,test_loss,test_accuracy,\
         test_top5_error,seconds"
    );
    assert_eq!((lines.len(), lines[1][0], lines[2][0]), (3, "1", "2"));
    assert!(lines[1..].iter().all(|line| line.len() == 11 && line.iter().all(|value| value.parse::<f64>().is_ok())));
}

#[test]
fn a_loss_that_is_not_finite_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let error = run(&recipe(OptimizerConfig::Adam(Adam::default()), 1e38), folder.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    let message = error.to_string();
    assert!(message.contains("epoch 1") && message.contains("the loss is") && message.contains("--lr"), "{message}");
}

/// The recipe that docs/recipes.md shows.
#[test]
fn the_documentations_recipe_is_one() {
    let page = include_str!("../../docs/recipes.md");
    let (_, example) = page.split_once("```yaml recipe\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recipe.yaml");
    std::fs::write(&path, example).unwrap();
    let file = Recipe::read(&path).unwrap();
    assert_eq!((file.epochs, file.optimizer, file.weight_decay), (20, OptimizerConfig::Sgd(Sgd::default()), 2e-4));
    assert_eq!((file.images.training.len(), file.images.testing.len()), (2, 2));
    assert!(Recipe::read(Path::new("paper")).unwrap().normalise.is_some());
}
