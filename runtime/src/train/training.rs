//! A run from epoch to epoch, with all that it reads and writes.

use super::checkpoint::About;
use super::checkpoint::folder::Checkpoints;
use super::checkpoint::identity::Identity;
use super::record::Record;
use super::run::Run;
use super::run::state::{State, Sums};
use super::{Course, EpochResult, Job, Progress, about, update_bn};
use crate::batch::{input_size, tensors};
use crate::data::{BadImages, Plan, Preparation, Transform, load};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Evaluation, Measured, Pace, evaluate};
use crate::metrics::Confusion;
use crate::network::Network;
use crate::weights::{SaveOptions, save_with};
use std::sync::Arc;
use std::time::Instant;

/// A run with all that it reads and writes.
pub(super) struct Training<'a, N> {
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
    pub(super) fn new(
        job: &'a Job,
        run: Run<'a, N>,
        preparation: Preparation,
        checkpoints: Checkpoints,
        bad_images: &'a mut BadImages,
        progress: &'a mut Progress,
    ) -> Result<Self> {
        let identity = Identity::of::<N>(job.images, run.recipe)?;
        if run.state.step == 0 || !about::path(job.folder).exists() {
            about::About::new::<N>(job, &run.store).write(job.folder)?;
            about::write_spec::<N>(job.folder)?;
        }
        let record = Record::open(job.folder, &course(job, &run), &run.state.results)?;
        Ok(Self { job, identity, run, preparation, checkpoints, record, bad_images, progress, begin: Instant::now() })
    }

    /// Trains until the last epoch is done.
    pub(super) fn go(mut self) -> Result<Vec<EpochResult>> {
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
            measured => {
                let (held_out, confusion) = measured?;
                self.close(held_out, &confusion)
            }
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

    fn evaluate(&mut self, transform: &Arc<Transform>) -> Result<(Evaluation, Confusion)> {
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
    fn close(&mut self, held_out: Evaluation, confusion: &Confusion) -> Result<()> {
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
        self.record.epoch(&result, confusion, self.job.images.training.classes())?;
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
    pub(super) fn save(&mut self) -> Result<()> {
        let state = State { seconds: self.seconds(), bad_images: self.bad_images.clone(), ..self.run.state.clone() };
        self.checkpoints.save(&About::new(self.identity.clone(), state), self.run.tensors()?)
    }

    /// Writes a checkpoint because somebody asks the run to stop.
    fn stop(&mut self) -> Error {
        let (step, steps) = (self.run.state.step, self.run.extent.steps);
        self.save().err().unwrap_or_else(|| Error::interrupted(format!("interrupted after step {step} of {steps}")))
    }
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
