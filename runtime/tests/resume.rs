//! Runs that are broken off, and go on as if nothing had been.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;
mod halves;

use common::Tiny;
use googlenetc_runtime::data::{BadImages, ImageSteps, Source, split};
use googlenetc_runtime::error::Result;
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::train::{
    CheckpointPlan, Display, EpochResult, Every, Images, Interrupt, Job, OptimizerKind, Progress, Recipe, resume, train,
};
use halves::halves;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// libtorch's generator belongs to the whole process, so one test trains at a time.
static TRAINING: Mutex<()> = Mutex::new(());

fn one_at_a_time() -> MutexGuard<'static, ()> {
    TRAINING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Three epochs of seven steps, with a checkpoint after each step, all of which are kept.
fn recipe(optimizer: OptimizerKind) -> Recipe {
    let (epochs, batch_size, momentum, weight_decay, learning_rate) = (3, 16, 0.0, 1e-3, 0.01);
    let images = ImageSteps {
        training: serde_json::from_str(r#"["resize", "horizontal-flip", {"shift": 0.1}]"#).unwrap(),
        testing: serde_json::from_str(r#"["resize"]"#).unwrap(),
    };
    let (normalise, seed, workers) = (None, 3, 2);
    let every = Every { epochs: None, steps: NonZeroUsize::new(1), minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::new(1000).unwrap() };
    #[rustfmt::skip]
    let recipe = Recipe { epochs, batch_size, optimizer, learning_rate, weight_decay, momentum, images, normalise, seed, workers, checkpoints };
    recipe
}

fn images() -> Images {
    let source: Arc<dyn Source> = Arc::new(halves(140));
    let (training, held_out) = split(&source, 0.2, 1, false).unwrap();
    Images { training, held_out, held_out_name: "test" }
}

fn job<'a>(images: &'a Images, recipe: &'a Recipe, folder: &'a Path) -> Job<'a> {
    Job { images, recipe, device: Device::Cpu, folder, interrupt: Interrupt::default() }
}

fn begin(job: &Job) -> Result<Vec<EpochResult>> {
    train::<Tiny>(job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

fn go_on(job: &Job) -> Result<Vec<EpochResult>> {
    resume::<Tiny>(job, &mut BadImages::default(), &mut Progress::new(Display::None))
}

fn checkpoint(folder: &Path, step: usize) -> PathBuf {
    folder.join(format!("checkpoints/step-{step:08}.safetensors"))
}

/// All that a run leaves which must not depend on how often it was broken off.
fn outcome(folder: &Path) -> (Vec<u8>, Vec<u8>, String) {
    let weights = |name: &str| fs::read(folder.join(name)).unwrap();
    let table = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    let table = table.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect();
    (weights("last.safetensors"), weights("best.safetensors"), table)
}

/// A run of which everything is there.
fn whole(recipe: &Recipe) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    begin(&job(&images(), recipe, folder.path())).unwrap();
    folder
}

/// A folder with the beginning of a run: up to the checkpoint of `step`.
fn beginning(whole: &Path, step: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("checkpoints")).unwrap();
    for step in 0..=step {
        fs::copy(checkpoint(whole, step), checkpoint(folder.path(), step)).unwrap();
    }
    folder
}

#[test]
fn every_checkpoint_leads_to_the_same_end() {
    let _guard = one_at_a_time();
    for optimizer in [OptimizerKind::Sgd] {
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
