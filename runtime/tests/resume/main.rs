//! Runs that are broken off, and go on as if nothing had been.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../alone/mod.rs"]
mod alone;
#[path = "../checkpointed/mod.rs"]
mod checkpointed;
#[path = "../common/mod.rs"]
mod common;
#[path = "../halves/mod.rs"]
mod halves;
#[path = "../watched/mod.rs"]
mod watched;

mod changes;
mod checkpoints;
mod failures;
mod logs;

use checkpointed::outcome;
use common::Tiny;
use googlenetc_runtime::data::{BadImages, Source, split};
use googlenetc_runtime::error::Result;
use googlenetc_runtime::tch::Device;
use googlenetc_runtime::train::{
    CheckpointPlan, Display, EpochResult, Every, Images, Interrupt, Job, OptimizerConfig, Progress, Recipe, Sgd,
    resume, train,
};
use halves::halves;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Three epochs of seven steps, with a checkpoint after each step, all of which are kept.
fn recipe(optimizer: OptimizerConfig) -> Recipe {
    let every = Every { epochs: None, steps: NonZeroUsize::new(1), minutes: None };
    let checkpoints = CheckpointPlan { every, keep: NonZeroUsize::new(1000).unwrap() };
    Recipe { epochs: 3, batch_size: 16, ..checkpointed::recipe(optimizer, checkpoints) }
}

/// Stochastic gradient descent without momentum, which has no state.
const PLAIN: OptimizerConfig = OptimizerConfig::Sgd(Sgd { momentum: 0.0, nesterov: false });

fn images() -> Images {
    let source: Arc<dyn Source> = Arc::new(halves(140));
    let (training, held_out) = split(&source, 0.2, 1, false).unwrap();
    Images { training, held_out, held_out_name: "test" }
}

fn job<'a>(images: &'a Images, recipe: &'a Recipe, folder: &'a Path) -> Job<'a> {
    Job { images, recipe, pretrained: None, device: Device::Cpu, folder, interrupt: Interrupt::default() }
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
    if step > 0 {
        // The best epoch may be one that was done before.
        fs::copy(whole.join("best.safetensors"), folder.path().join("best.safetensors")).unwrap();
    }
    folder
}
