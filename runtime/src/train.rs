//! Training.

pub mod about;
mod accumulation;
mod average;
mod checkpoint;
mod choice;
mod clip;
mod compare;
mod curves;
mod divergence;
pub mod events;
pub(crate) mod exact;
pub mod history;
mod interrupt;
mod length;
mod lock;
mod loss;
mod metrics;
mod optimizer;
mod parameters;
mod progress;
mod range;
mod recipe;
mod record;
pub mod report;
mod run;
pub mod run_folder;
mod schedule;
mod stages;
mod state;
pub mod step_log;
mod step_result;
mod update_bn;

pub use accumulation::Accumulation;
pub use average::{Average, Averaging, Ema, Mean, Polyak};
pub use checkpoint::folder::has_checkpoint;
pub use checkpoint::plan::{CheckpointPlan, Every};
pub use clip::Clip;
pub use compare::Comparison;
pub use interrupt::Interrupt;
pub use length::{Extent, Length};
pub(crate) use loss::cross_entropy;
pub use loss::{Loss, loss};
pub use optimizer::{Adam, AdamW, Optimizer, OptimizerConfig, RmsProp, Sgd};
pub use parameters::{Parameter, parameters};
pub use progress::{Course, Display, Progress};
pub use recipe::{Draft, Recipe};
pub use schedule::{
    AnnealStrategy, Constant, Cosine, Curve, Exponential, MultiStep, OneCycle, Polynomial, Schedule, Step, Unit, WarmUp,
};
pub use stages::{StageRates, Stages, freeze};
pub use step_result::StepResult;
pub use update_bn::update_bn;

use crate::batch::{input_size, tensors};
use crate::data::{BadImages, OnBadImage, Plan, Preparation, Source, Transform, load, stats};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Evaluation, Measured, Pace, evaluate};
use crate::network::Network;
use crate::weights::{SaveOptions, save_with};
use checkpoint::About;
use checkpoint::folder::{Checkpoints, Newest, newest};
use checkpoint::identity::Identity;
use lock::Lock;
use record::Record;
use run::Run;
use run::state::{State, Sums};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tch::Device;

/// What to train on, and what to measure on after each epoch.
#[derive(Clone)]
pub struct Images {
    /// Trained on.
    pub training: Arc<dyn Source>,
    /// Measured on.
    pub held_out: Arc<dyn Source>,
    /// What the held-out images are called in logs: `test` or `validation`.
    pub held_out_name: &'static str,
}

/// A run: what is learnt, how, and where.
#[derive(Clone)]
pub struct Job<'a> {
    /// What to train on, and what to measure on.
    pub images: &'a Images,
    /// How to train.
    pub recipe: &'a Recipe,
    /// Where to compute.
    pub device: Device,
    /// Where the results go. It belongs to one run at a time.
    pub folder: &'a Path,
    /// Asks the run to stop.
    pub interrupt: Interrupt,
}

/// What came of an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochResult {
    /// From 1.
    pub epoch: usize,
    /// Steps done in the run.
    pub step: usize,
    /// The learning rate of the last step.
    #[serde(with = "exact")]
    pub learning_rate: f64,
    /// The weighted sum of the heads' losses, a mean over the training images as they came.
    #[serde(with = "exact")]
    pub loss: f64,
    /// The loss of each head, in the order of [`Network::HEADS`].
    #[serde(with = "exact::all")]
    pub head_losses: Vec<f64>,
    /// The share of training images that were classified rightly as they came.
    #[serde(with = "exact")]
    pub accuracy: f64,
    /// On the held-out images, after the epoch.
    pub held_out: Evaluation,
    /// Wall time, the evaluation included.
    #[serde(with = "exact")]
    pub seconds: f64,
}

/// Trains a new network `N`, and returns what came of each epoch.
///
/// After each epoch the folder has `last.safetensors`, `best.safetensors` (the epoch that did best on the held-out images, whose
/// accuracy is therefore flattered) and a line more in `metrics.csv`; if images were skipped, `bad-images.txt` lists them. From the
/// beginning it has `recipe.yaml`, which is the recipe with the normalisation that was found, and `checkpoints`, from which
/// [`resume`] goes on.
///
/// # Errors
/// When files cannot be written, images cannot be read or fed to the network, the loss is no longer finite, another process trains in
/// this folder, or the run is interrupted; then a checkpoint is there.
pub fn train<N: Network>(job: &Job, bad_images: &mut BadImages, progress: &mut Progress) -> Result<Vec<EpochResult>> {
    let _lock = Lock::take(job.folder)?;
    progress.log_to(&job.folder.join("log.txt"))?;
    let preparation = preparation(job, input_size::<N>().channels, bad_images.policy())?;
    let recipe = &Recipe { normalise: Some(preparation.normalisation.clone()), ..job.recipe.clone() };
    let run = Run::<N>::new(recipe, job.device, job.images.training.labels().len())?;
    recipe.write(&job.folder.join("recipe.yaml"))?;
    let checkpoints = Checkpoints::create(job.folder, recipe.checkpoints)?;
    let mut training = Training::new(job, run, preparation, checkpoints, bad_images, progress)?;
    training.save()?;
    training.go()
}

/// Goes on with the run in the folder of the job, after its newest good checkpoint, as if it had never been broken off.
///
/// # Errors
/// As for [`train`]; and when there is no good checkpoint, or network, images or recipe are others than they were. Workers, the number
/// of epochs and the plan of checkpoints may be others.
pub fn resume<N: Network>(job: &Job, bad_images: &mut BadImages, progress: &mut Progress) -> Result<Vec<EpochResult>> {
    let _lock = Lock::take(job.folder)?;
    progress.log_to(&job.folder.join("log.txt"))?;
    let newest = newest(job.folder)?;
    for line in newest.warnings() {
        progress.message(&line);
    }
    let Newest { path, checkpoint, .. } = newest;
    let preparation = preparation(job, input_size::<N>().channels, bad_images.policy())?;
    let recipe = &Recipe { normalise: Some(preparation.normalisation.clone()), ..job.recipe.clone() };
    Identity::of::<N>(job.images, recipe)?.check(&checkpoint.about.identity, &path)?;
    let mut run = Run::<N>::new(recipe, job.device, job.images.training.labels().len())?;
    run.restore(checkpoint).map_err(|e| Error::failed(format!("`{}`: {e}", path.display())))?;
    recipe.write(&job.folder.join("recipe.yaml"))?;
    let checkpoints = Checkpoints::open(job.folder, recipe.checkpoints, run.state.step)?;
    bad_images.add_all(&run.state.bad_images);
    if run.state.step >= run.extent.steps {
        progress.message(&format!("all of {} steps are done already; --epochs asks for more", run.extent.steps));
    }
    Training::new(job, run, preparation, checkpoints, bad_images, progress)?.go()
}

/// How images become input when the network is tested, and later used.
fn preparation(job: &Job, channels: usize, on_bad_image: OnBadImage) -> Result<Preparation> {
    let Job { images, recipe, .. } = job;
    let normalisation = match &recipe.normalise {
        Some(normalisation) => normalisation.clone(),
        None => stats::of_pixels(&*images.training, channels, recipe.workers, on_bad_image, |_| {})?.normalisation(),
    };
    Ok(Preparation { steps: recipe.images.testing.clone(), normalisation })
}

/// How long a run is, and what things in it are called.
fn course<N: Network>(job: &Job, run: &Run<N>) -> Course {
    Course {
        epochs: run.extent.epochs(),
        steps_per_epoch: run.extent.steps_per_epoch.get(),
        steps: run.extent.steps,
        done: run.state.step,
        heads: N::HEADS.iter().map(|head| head.name).collect(),
        held_out_name: job.images.held_out_name,
    }
}

/// A run with all that it reads and writes.
struct Training<'a, N> {
    job: &'a Job<'a>,
    identity: Identity,
    run: Run<'a, N>,
    preparation: Preparation,
    checkpoints: Checkpoints,
    record: Record,
    bad_images: &'a mut BadImages,
    progress: &'a mut Progress,
    /// Since when time goes into the epoch under way.
    begin: Instant,
}

impl<'a, N: Network> Training<'a, N> {
    fn new(
        job: &'a Job,
        run: Run<'a, N>,
        preparation: Preparation,
        checkpoints: Checkpoints,
        bad_images: &'a mut BadImages,
        progress: &'a mut Progress,
    ) -> Result<Self> {
        let identity = Identity::of::<N>(job.images, run.recipe)?;
        if run.state.step == 0 || !about::path(job.folder).exists() {
            about::About::new::<N>(job.images, &run.store, job.device).write(job.folder)?;
        }
        let record = Record::open(job.folder, &course(job, &run), &run.state.results)?;
        Ok(Self { job, identity, run, preparation, checkpoints, record, bad_images, progress, begin: Instant::now() })
    }

    /// Trains until the last epoch is done.
    fn go(mut self) -> Result<Vec<EpochResult>> {
        let _scope = self.run.recipe.precision.enter();
        let size = input_size::<N>();
        let augmented = self.run.recipe.images.training.clone();
        let augmented = Arc::new(Transform::new(size, augmented, self.preparation.normalisation.clone())?);
        let plain = Arc::new(self.preparation.transform(size)?);
        self.progress.start(course(self.job, &self.run));
        let mut done = Ok(());
        while done.is_ok() && self.run.state.epoch() <= self.run.extent.epochs() {
            done = self.epoch(&augmented, &plain);
        }
        let drawn = self.record.draw();
        self.warn(drawn);
        self.progress.finish();
        done.map_err(|e| self.checkpoints.explain(e))?;
        Ok(self.run.state.results)
    }

    /// What is left of an epoch, and what comes after it.
    fn epoch(&mut self, augmented: &Arc<Transform>, plain: &Arc<Transform>) -> Result<()> {
        let rest = self.run.rest_of_epoch(self.bad_images.policy());
        let left = self.run.extent.steps.saturating_sub(self.run.state.step);
        for batch in load(&self.job.images.training, augmented, rest).take(left) {
            let batch = batch?;
            self.bad_images.add(&batch.skipped);
            if let Some(result) = self.run.step(&batch)? {
                self.record.step(&result)?;
                self.progress.step(&result);
            }
            if self.job.interrupt.is_set() {
                return Err(self.stop());
            }
            if self.checkpoints.is_due_at_step(self.run.state.step) {
                self.save()?;
            }
        }
        if self.run.state.sums.images == 0 {
            return Err(self.bad_images.nothing_left());
        }
        self.average(augmented)?;
        match self.evaluate(plain) {
            Err(e) if e.kind() == ErrorKind::Interrupted => {
                self.run.swap_average();
                Err(self.stop())
            }
            held_out => self.close(held_out?),
        }
    }

    /// Puts averaged weights, if there are any, in the place of those that are trained, to be evaluated and saved.
    fn average(&mut self, augmented: &Arc<Transform>) -> Result<()> {
        self.run.swap_average();
        let Some(length) = self.run.update_bn() else { return Ok(()) };
        let recipe = self.run.recipe;
        let plan = Plan {
            batch_size: recipe.batch_size,
            seed: recipe.seed,
            epoch: self.run.state.epoch() as u64,
            shuffle: true,
            first_batch: 0,
            on_bad_image: self.bad_images.policy(),
            workers: recipe.workers,
        };
        // Steps of the optimizer, each with its batches.
        let batches = length.steps(self.run.extent).saturating_mul(recipe.accumulate).max(1);
        let loaded = load(&self.job.images.training, augmented, plan).take(batches);
        let images = loaded.filter(|batch| batch.as_ref().map_or(true, |batch| !batch.labels.is_empty()));
        self.run.seed(0);
        update_bn(&self.run.network, &self.run.store, images.map(|batch| Ok(tensors::<N>(&batch?, self.job.device).0)))
    }

    fn evaluate(&mut self, transform: &Arc<Transform>) -> Result<Evaluation> {
        let epoch = self.run.state.epoch();
        let pace = Pace { batch_size: self.run.recipe.batch_size, workers: self.run.recipe.workers };
        let mut told = |measured: &Measured| {
            self.progress.evaluating(epoch, measured);
            if self.job.interrupt.is_set() { Err(Error::interrupted("")) } else { Ok(()) }
        };
        let Job { images, device, .. } = *self.job;
        evaluate(&self.run.network, device, &images.held_out, transform, pace, self.bad_images, &mut told)
    }

    /// Ends an epoch.
    fn close(&mut self, held_out: Evaluation) -> Result<()> {
        let result = self.result(held_out);
        let epoch = result.epoch;
        let State { results, sums, step_in_epoch, seconds, .. } = &mut self.run.state;
        results.push(result.clone());
        (*sums, *step_in_epoch, *seconds) = (Sums::default(), 0, 0.0);
        self.begin = Instant::now();
        if !self.bad_images.is_empty() {
            self.bad_images.write(&self.job.folder.join("bad-images.txt"))?;
        }
        self.save_weights("last.safetensors")?;
        if self.run.state.best().is_some_and(|best| best.epoch == epoch) {
            self.save_weights("best.safetensors")?;
        }
        self.run.swap_average();
        self.record.epoch(&result)?;
        self.progress.epoch(&result);
        if self.checkpoints.is_due_at_epoch(epoch) || epoch == self.run.extent.epochs() {
            self.save()?;
        }
        let drawn = self.record.draw_now_and_then();
        self.warn(drawn);
        Ok(())
    }

    /// Pictures that cannot be drawn stop no run.
    fn warn(&mut self, drawn: Result<()>) {
        if let Err(e) = drawn {
            self.progress.message(&format!("warning: {e}"));
        }
    }

    fn result(&self, held_out: Evaluation) -> EpochResult {
        let state = &self.run.state;
        let (loss, head_losses, accuracy) = state.sums.means();
        EpochResult {
            epoch: state.epoch(),
            step: state.step,
            learning_rate: self.run.learning_rate(state.step.saturating_sub(1)),
            loss,
            head_losses,
            accuracy,
            held_out,
            seconds: self.seconds(),
        }
    }

    /// The time that has gone into the epoch under way.
    fn seconds(&self) -> f64 {
        self.run.state.seconds + self.begin.elapsed().as_secs_f64()
    }

    fn save_weights(&self, name: &str) -> Result<()> {
        let naming = SaveOptions { class_names: self.job.images.training.classes().to_vec(), keys: None };
        save_with::<N>(&self.run.store, &self.preparation, &self.job.folder.join(name), &naming)
    }

    /// Writes a checkpoint.
    fn save(&mut self) -> Result<()> {
        let state = State { seconds: self.seconds(), bad_images: self.bad_images.clone(), ..self.run.state.clone() };
        self.checkpoints.save(&About::new(self.identity.clone(), state), self.run.tensors()?)
    }

    /// Writes a checkpoint because somebody asks the run to stop.
    fn stop(&mut self) -> Error {
        let (step, steps) = (self.run.state.step, self.run.extent.steps);
        self.save().err().unwrap_or_else(|| Error::interrupted(format!("interrupted after step {step} of {steps}")))
    }
}
