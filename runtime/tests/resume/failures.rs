//! Runs that end before their time: interrupted, or with numbers that are not finite.

use super::alone::alone;
use super::watched::watched;
use super::{PLAIN, begin, go_on, images, job, outcome, recipe, whole};
use googlenetc_runtime::data::{Normalisation, Source};
use googlenetc_runtime::error::ErrorKind;
use googlenetc_runtime::train::{Adam, CheckpointPlan, Every, Images, Interrupt, Job, OptimizerConfig, Recipe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Images of which reading the `left`th asks the run to stop.
fn stopping(images: &Arc<dyn Source>, left: usize, interrupt: &Interrupt) -> Arc<dyn Source> {
    let (left, interrupt) = (AtomicUsize::new(left), interrupt.clone());
    watched(images.clone(), move || {
        if left.fetch_sub(1, Ordering::Relaxed) == 1 {
            interrupt.set();
        }
    })
}

#[test]
fn an_interrupted_run_saves_and_goes_on() {
    let _guard = alone();
    let recipe = Recipe {
        normalise: Some(Normalisation::new(vec![0.3], vec![0.2])),
        ..recipe(OptimizerConfig::Adam(Adam::default()))
    };
    let run = whole(&recipe);
    // None but the first and the last is due by itself.
    let every = Every { epochs: None, steps: None, minutes: None };
    let rare = Recipe { checkpoints: CheckpointPlan { every, ..CheckpointPlan::default() }, ..recipe };
    // While training, in the first epoch and the second, and while measuring, after the second.
    for (training, held_out) in [(20, 1000), (200, 1000), (1000, 40)] {
        let folder = tempfile::tempdir().unwrap();
        let (all, interrupt) = (images(), Interrupt::default());
        let stopped = Images {
            training: stopping(&all.training, training, &interrupt),
            held_out: stopping(&all.held_out, held_out, &interrupt),
            held_out_name: "test",
        };
        let error = begin(&Job { interrupt, ..job(&stopped, &rare, folder.path()) }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        let message = error.to_string();
        assert!(message.starts_with("interrupted after step ") && message.contains(" of 21"), "{message}");
        assert!(message.contains("the newest checkpoint is that of step "), "{message}");
        go_on(&job(&all, &rare, folder.path())).unwrap();
        assert!(outcome(folder.path()) == outcome(run.path()), "{message}");
    }
}

#[test]
fn the_layer_is_named_whose_output_is_not_finite_first() {
    let _guard = alone();
    let failure = |recipe: &Recipe| {
        let folder = tempfile::tempdir().unwrap();
        begin(&job(&images(), recipe, folder.path())).unwrap_err().to_string()
    };
    let scaled = |std: f32| Recipe { normalise: Some(Normalisation::new(vec![0.0], vec![std])), ..recipe(PLAIN) };
    // The images are finite, 255 / 255 / std being below 3.4e38. A sum of nine of them, times weights up to 0.6, is not.
    let message = failure(&scaled(3e-39));
    assert!(message.contains("epoch 1: the loss is NaN at step 1 of 21, with the learning rate "), "{message}");
    assert!(
        message.contains("(main NaN, aux1 NaN): the first output that is not finite is that of `conv1.conv`"),
        "{message}"
    );
    assert!(message.contains("the newest checkpoint is that of step 0"), "{message}");
    assert!(failure(&scaled(1e-40)).contains("the images themselves are not finite"));
    let message = failure(&Recipe { learning_rate: 1e38, ..recipe(PLAIN) });
    assert!(message.contains("is not finite"), "{message}");
}
