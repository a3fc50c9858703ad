//! Training.

mod choice;
mod length;
mod loss;
mod metrics;
mod optimizer;
mod parameters;
mod progress;
mod range;
mod recipe;
pub mod run_folder;
mod schedule;
mod state;
mod step_result;

pub use length::{Extent, Length};
pub(crate) use loss::cross_entropy;
pub use loss::{Loss, loss};
pub use optimizer::{Adam, AdamW, Optimizer, OptimizerConfig, OptimizerKind, RmsProp, Sgd};
pub use parameters::{Parameter, parameters};
pub use progress::{Course, Display, Progress};
pub use recipe::{Recipe, RecipeFile};
pub use schedule::{
    AnnealStrategy, Constant, Cosine, Curve, Exponential, MultiStep, OneCycle, Polynomial, Schedule, Step, Unit, WarmUp,
};
pub use step_result::StepResult;

use crate::batch::{count_among_largest, input_size, logits_of, number, prediction, tensors};
use crate::data::{BadImages, Batch, OnBadImage, Plan, Preparation, Source, Transform, load, stats};
use crate::device::place;
use crate::error::{Error, Result};
use crate::evaluate::{Evaluation, Measured, Pace, evaluate};
use crate::network::{Mode, Network, Probe};
use crate::weights::{SaveOptions, save_with};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tch::Device;
use tch::nn::VarStore;

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

/// What came of an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochResult {
    /// From 1.
    pub epoch: usize,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// The weighted sum of the heads' losses, a mean over the training images as they came.
    pub loss: f64,
    /// The loss of each head, in the order of [`Network::HEADS`].
    pub head_losses: Vec<f64>,
    /// The share of training images that were classified rightly as they came.
    pub accuracy: f64,
    /// On the held-out images, after the epoch.
    pub held_out: Evaluation,
    /// Wall time, the evaluation included.
    pub seconds: f64,
}

/// Trains a new network `N` on `device`, and returns what came of each epoch.
///
/// After each epoch `folder` has `last.safetensors`, `best.safetensors` (the epoch that did best on the held-out images, whose
/// accuracy is therefore flattered) and a line more in `metrics.csv`; if images were skipped, `bad-images.txt` lists them. From the
/// beginning it has `recipe.yaml`, which is `recipe` with the normalisation that was found.
///
/// # Errors
/// When files cannot be written, images cannot be read or fed to the network, or the loss is no longer finite.
pub fn train<N: Network>(
    images: &Images,
    recipe: &Recipe,
    device: Device,
    folder: &Path,
    bad_images: &mut BadImages,
    progress: &mut Progress,
) -> Result<Vec<EpochResult>> {
    let size = input_size::<N>();
    recipe.check(size)?;
    let preparation = preparation(images, recipe, size.channels, bad_images.policy())?;
    let augmented = Transform::new(size, recipe.images.training.clone(), preparation.normalisation.clone());
    let (augmented, plain) = (Arc::new(augmented?), Arc::new(preparation.transform(size)?));
    let mut run = Run::<N>::new(recipe, device, images.training.labels().len())?;
    let complete = Recipe { normalise: Some(preparation.normalisation.clone()), ..recipe.clone() };
    complete.write(&folder.join("recipe.yaml"))?;
    let mut metrics = metrics::File::create::<N>(folder, images.held_out_name)?;
    progress.log_to(&folder.join("log.txt"))?;
    progress.start(Course {
        epochs: recipe.epochs,
        steps_per_epoch: run.extent.steps / recipe.epochs.max(1),
        steps: run.extent.steps,
        done: 0,
        heads: N::HEADS.iter().map(|head| head.name).collect(),
        held_out_name: images.held_out_name,
    });

    let naming = SaveOptions { class_names: images.training.classes().to_vec(), keys: None };
    let mut results: Vec<EpochResult> = Vec::new();
    for epoch in 1..=recipe.epochs {
        let begin = Instant::now();
        let sums = run.epoch(epoch, &images.training, &augmented, bad_images, progress)?;
        let pace = Pace { batch_size: recipe.batch_size, workers: recipe.workers };
        let mut told = |measured: &Measured| progress.evaluating(epoch, measured);
        let held_out = evaluate(&run.network, device, &images.held_out, &plain, pace, bad_images, &mut told)?;
        if !bad_images.is_empty() {
            bad_images.write(&folder.join("bad-images.txt"))?;
        }
        let result = sums.means(epoch, run.learning_rate(run.step - 1), held_out, begin.elapsed().as_secs_f64());
        save_with::<N>(&run.store, &preparation, &folder.join("last.safetensors"), &naming)?;
        if results.iter().all(|earlier| earlier.held_out.accuracy() < held_out.accuracy()) {
            save_with::<N>(&run.store, &preparation, &folder.join("best.safetensors"), &naming)?;
        }
        metrics.add(&result)?;
        progress.epoch(&result);
        results.push(result);
    }
    progress.finish();
    Ok(results)
}

/// How images become input when the network is tested, and later used.
fn preparation(images: &Images, recipe: &Recipe, channels: usize, on_bad_image: OnBadImage) -> Result<Preparation> {
    let normalisation = match &recipe.normalise {
        Some(normalisation) => normalisation.clone(),
        None => stats::of_pixels(&*images.training, channels, recipe.workers, on_bad_image, |_| {})?.normalisation(),
    };
    Ok(Preparation { steps: recipe.images.testing.clone(), normalisation })
}

/// A network while it is trained.
struct Run<'a, N> {
    recipe: &'a Recipe,
    store: VarStore,
    network: N,
    optimizer: Optimizer,
    /// Steps done.
    step: usize,
    extent: Extent,
    schedule: Schedule,
}

impl<'a, N: Network> Run<'a, N> {
    fn new(recipe: &'a Recipe, device: Device, images: usize) -> Result<Self> {
        tch::manual_seed(recipe.seed.cast_signed());
        let mut store = VarStore::new(Device::Cpu);
        let network = N::new(&store.root());
        place(&mut store, device)?;
        let config = recipe.optimizer.config(recipe.momentum);
        let optimizer = Optimizer::new(&config, recipe.weight_decay, &store, parameters(&store, N::RATES)?)?;
        let batches = plan(recipe, 0, OnBadImage::Stop).batches(images);
        let extent = Extent {
            steps_per_epoch: NonZeroUsize::new(batches).unwrap_or(NonZeroUsize::MIN),
            steps: recipe.epochs * batches,
        };
        Ok(Self { recipe, store, network, optimizer, step: 0, extent, schedule: Schedule::default() })
    }

    fn learning_rate(&self, step: usize) -> f64 {
        self.schedule.rate(step, self.extent, self.recipe.learning_rate)
    }

    fn epoch(
        &mut self,
        epoch: usize,
        source: &Arc<dyn Source>,
        transform: &Arc<Transform>,
        bad_images: &mut BadImages,
        progress: &mut Progress,
    ) -> Result<Sums> {
        let mut sums = Sums { images: 0.0, loss: 0.0, head_losses: vec![0.0; N::HEADS.len()], correct: 0.0 };
        let batches = load(source, transform, plan(self.recipe, epoch, bad_images.policy()));
        for (batch, step_in_epoch) in batches.zip(1..) {
            let batch = batch?;
            bad_images.add(&batch.skipped);
            if batch.labels.is_empty() {
                // A step of the schedule it is all the same.
                self.step += 1;
                continue;
            }
            let result = self.learn(&batch, epoch, step_in_epoch, &mut sums);
            progress.step(&result.map_err(|e| Error::failed(format!("epoch {epoch}: {e}")))?);
        }
        if sums.images > 0.0 { Ok(sums) } else { Err(bad_images.nothing_left()) }
    }

    /// One step of the optimizer.
    fn learn(&mut self, batch: &Batch, epoch: usize, step_in_epoch: usize, sums: &mut Sums) -> Result<StepResult> {
        #[expect(clippy::cast_precision_loss, reason = "batches are small")]
        let count = batch.labels.len() as f64;
        let (images, labels) = tensors::<N>(batch, self.store.device());
        let output = self.network.forward(&images, Mode::TRAINING, &Probe::silent());
        let logits = logits_of::<N>(&output, &images)?;
        let Loss { total, heads } = loss::<N>(&logits, &labels, 0.0)?;
        let head_losses: Vec<f64> =
            heads.iter().map(|loss| loss.as_ref().map_or(Ok(0.0), number)).collect::<Result<_>>()?;
        for (loss, sum) in head_losses.iter().zip(&mut sums.head_losses) {
            *sum += loss * count;
        }
        let loss = number(&total)?;
        if !loss.is_finite() {
            let (step, steps) = (self.step + 1, self.extent.steps);
            return Err(Error::failed(format!(
                "the loss is {loss} at step {step} of {steps}, and nothing can be learnt from it; try a lower --lr than {}",
                self.recipe.learning_rate
            )));
        }
        self.optimizer.zero_grad();
        total.backward();
        self.optimizer.set_momentum(self.schedule.momentum(self.step, self.extent));
        let learning_rate = self.learning_rate(self.step);
        self.optimizer.step(learning_rate);
        self.step += 1;
        let correct = count_among_largest(prediction::<N>(&logits)?, &labels, 1)?;
        sums.images += count;
        sums.loss += loss * count;
        sums.correct += correct;
        let (step, images, gradient_norm) = (self.step, batch.labels.len(), None);
        Ok(StepResult { step, epoch, step_in_epoch, learning_rate, images, correct, loss, head_losses, gradient_norm })
    }
}

fn plan(recipe: &Recipe, epoch: usize, on_bad_image: OnBadImage) -> Plan {
    let Recipe { batch_size, seed, workers, .. } = *recipe;
    Plan { batch_size, seed, epoch: epoch as u64, shuffle: true, first_batch: 0, on_bad_image, workers }
}

/// Sums over the images of an epoch so far.
struct Sums {
    images: f64,
    loss: f64,
    head_losses: Vec<f64>,
    correct: f64,
}

impl Sums {
    fn means(self, epoch: usize, learning_rate: f64, held_out: Evaluation, seconds: f64) -> EpochResult {
        EpochResult {
            epoch,
            learning_rate,
            loss: self.loss / self.images,
            head_losses: self.head_losses.iter().map(|sum| sum / self.images).collect(),
            accuracy: self.correct / self.images,
            held_out,
            seconds,
        }
    }
}
