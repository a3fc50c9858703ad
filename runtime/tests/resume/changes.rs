//! What may be another when a run goes on, and what may not.

use super::alone::alone;
use super::{PLAIN, begin, beginning, checkpoint, go_on, images, job, outcome, recipe, whole};
use crate::halves::halves;
use googlenetc_runtime::data::{Normalisation, Source, split};
use googlenetc_runtime::error::ErrorKind;
use googlenetc_runtime::train::{Adam, CheckpointPlan, Every, Images, OptimizerConfig, Recipe};
use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;

#[test]
fn a_run_that_is_not_the_same_any_more_is_refused() {
    let _guard = alone();
    let recipe = recipe(PLAIN);
    let run = whole(&recipe);
    let folder = beginning(run.path(), 5);
    let refusal = |images: &Images, recipe: &Recipe| {
        let error = go_on(&job(images, recipe, folder.path())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        error.to_string()
    };
    let other = Recipe { learning_rate: 0.02, batch_size: 8, ..recipe.clone() };
    let message = refusal(&images(), &other);
    assert!(message.contains("\n  `batch_size` is 8 and was 16"), "{message}");
    assert!(message.contains("\n  `learning_rate` is 0.02 and was 0.01"), "{message}");
    let Images { training, held_out, held_out_name } = images();
    let swapped = Images { training: held_out.clone(), held_out: training.clone(), held_out_name };
    let given = Recipe { normalise: Some(Normalisation::new(vec![0.5], vec![0.5])), ..recipe.clone() };
    let message = refusal(&swapped, &given);
    assert!(message.contains("there are 28 training images and were 112"), "{message}");
    assert!(message.contains("there are 112 held-out images and were 28"), "{message}");
    let (relabelled, _) = split(&(Arc::new(halves(140)) as Arc<dyn Source>), 0.2, 2, false).unwrap();
    let message = refusal(&Images { training: relabelled, held_out, held_out_name }, &recipe);
    assert!(message.contains("the training images have other labels or another order"), "{message}");
    // Nothing was changed by that.
    assert!(go_on(&job(&images(), &recipe, folder.path())).is_ok());
    assert!(outcome(folder.path()) == outcome(run.path()));
}

#[test]
fn workers_epochs_and_checkpoints_may_change() {
    let _guard = alone();
    let recipe = recipe(OptimizerConfig::Adam(Adam::default()));
    let run = whole(&recipe);
    let folder = beginning(run.path(), 5);
    let every = Every { epochs: NonZeroUsize::new(2), steps: None, minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::MIN };
    go_on(&job(&images(), &Recipe { workers: 0, checkpoints, ..recipe.clone() }, folder.path())).unwrap();
    assert!(outcome(folder.path()) == outcome(run.path()));
    // That of the last step, and perhaps that of the best epoch.
    assert!(checkpoint(folder.path(), 21).exists() && !checkpoint(folder.path(), 5).exists());
    let more = go_on(&job(&images(), &Recipe { epochs: 4, ..recipe }, folder.path())).unwrap();
    assert_eq!(more.iter().map(|result| result.step).collect::<Vec<_>>(), [7, 14, 21, 28]);
}

#[test]
fn a_folder_in_which_another_process_trains_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lock = fs::File::create(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let recipe = recipe(PLAIN);
    for go in [begin, go_on] {
        let message = go(&job(&images(), &recipe, folder.path())).unwrap_err().to_string();
        assert!(message.starts_with("another process is training in "), "{message}");
    }
}
