//! Checkpoints: that each leads to the same end, damaged ones, and which are kept.

use super::alone::alone;
use super::{PLAIN, begin, beginning, checkpoint, go_on, images, job, outcome, recipe, whole};
use googlenetc_runtime::train::{Adam, CheckpointPlan, Every, OptimizerConfig, Recipe, Sgd};
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

#[test]
fn every_checkpoint_leads_to_the_same_end() {
    let _guard = alone();
    for optimizer in [OptimizerConfig::Sgd(Sgd::default()), OptimizerConfig::Adam(Adam::default())] {
        let recipe = recipe(optimizer);
        let run = whole(&recipe);
        // At the beginning, within epochs, before and after evaluations (the latter have the same step), at the end.
        for step in [0, 3, 6, 7, 8, 15, 20, 21] {
            let folder = beginning(run.path(), step);
            let results = go_on(&job(&images(), &recipe, folder.path())).unwrap();
            assert_eq!(results.iter().map(|result| result.step).collect::<Vec<_>>(), [7, 14, 21]);
            assert!(step == 21 || outcome(folder.path()) == outcome(run.path()), "{optimizer:?} from step {step}");
        }
    }
}

/// What a run says, which is in its log too.
fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log.txt")).unwrap()
}

#[test]
fn a_damaged_checkpoint_is_told_and_the_one_before_it_used() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Adam(Adam::default()));
    let run = whole(&recipe);
    let good = fs::read(checkpoint(run.path(), 10)).unwrap();
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 4;
        bytes
    };
    let length = good.len();
    let cut = |length: usize| good[..length].to_vec();
    // In the length of the header, in the header, in a tensor, in the checksum; cut short.
    let flips = [0, 40, length / 2, length - 40, length - 1].map(flipped);
    for damaged in flips.into_iter().chain([cut(0), cut(20), cut(length / 2), cut(length - 1)]) {
        let folder = beginning(run.path(), 10);
        fs::write(checkpoint(folder.path(), 10), &damaged).unwrap();
        go_on(&job(&images(), &recipe, folder.path())).unwrap();
        assert!(outcome(folder.path()) == outcome(run.path()));
        let log = log(folder.path());
        assert!(log.contains("step-00000010.safetensors` is damaged: "), "{log}");
        assert!(log.contains("going on from") && log.contains("step-00000009.safetensors`: 1 step"), "{log}");
        // It is put aside, and its place taken by a good one.
        assert_eq!(fs::read(checkpoint(folder.path(), 10).with_extension("damaged")).unwrap(), damaged);
    }
}

#[test]
fn without_a_good_checkpoint_a_run_cannot_go_on() {
    let _guard = alone();
    let recipe = recipe(PLAIN);
    let folder = tempfile::tempdir().unwrap();
    let images = images();
    let message = |folder: &Path| go_on(&job(&images, &recipe, folder)).unwrap_err().to_string();
    assert!(message(folder.path()).contains("it has no checkpoints"), "{}", message(folder.path()));
    fs::create_dir(folder.path().join("checkpoints")).unwrap();
    assert!(message(folder.path()).contains("the run had not begun"), "{}", message(folder.path()));
    for step in [3, 4] {
        fs::write(checkpoint(folder.path(), step), vec![b'{'; 60]).unwrap();
    }
    let message = message(folder.path());
    assert!(message.starts_with("no checkpoint in ") && message.matches("is damaged").count() == 2, "{message}");
}

#[test]
fn the_newest_checkpoints_are_kept_and_that_of_the_best_epoch() {
    let _guard = alone();
    let every = Every { epochs: None, steps: NonZeroUsize::new(1), minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::new(2).unwrap() };
    let run = whole(&Recipe { checkpoints, ..recipe(OptimizerConfig::Adam(Adam::default())) });
    let results =
        go_on(&job(&images(), &Recipe { checkpoints, ..recipe(OptimizerConfig::Adam(Adam::default())) }, run.path()))
            .unwrap();
    let mut best = &results[0];
    for result in &results {
        best = if result.held_out.accuracy() > best.held_out.accuracy() { result } else { best };
    }
    let mut steps = vec![20, 21, best.step];
    steps.sort_unstable();
    steps.dedup();
    let there: Vec<usize> = (0..=21).filter(|step| checkpoint(run.path(), *step).exists()).collect();
    assert_eq!(there, steps);
}

#[test]
fn a_new_run_removes_the_checkpoints_of_an_earlier_one() {
    let _guard = alone();
    let recipe = recipe(PLAIN);
    let run = whole(&recipe);
    fs::write(run.path().join("checkpoints/.unfinished-1"), "half").unwrap();
    begin(&job(&images(), &Recipe { epochs: 1, ..recipe }, run.path())).unwrap();
    assert!(checkpoint(run.path(), 7).exists() && !checkpoint(run.path(), 8).exists());
    assert!(!run.path().join("checkpoints/.unfinished-1").exists());
}
