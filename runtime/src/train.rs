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
mod history;
mod interrupt;
mod length;
mod lock;
mod loss;
mod metrics;
mod optimizer;
mod parameters;
mod pretrained;
mod progress;
mod range;
mod recipe;
mod record;
pub mod report;
mod run;
pub(crate) mod run_folder;
mod schedule;
mod stages;
mod state;
pub mod step_log;
mod step_result;
mod training;
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
pub use pretrained::Pretrained;
pub(crate) use progress::Course;
pub use progress::{Display, Progress};
pub(crate) use recipe::Draft;
pub use recipe::Recipe;
pub use schedule::{
    AnnealStrategy, Constant, Cosine, Curve, Exponential, MultiStep, OneCycle, Polynomial, Schedule, Step, Unit, WarmUp,
};
pub use stages::{StageRates, Stages, freeze};
pub(crate) use step_result::StepResult;
pub use update_bn::update_bn;

use crate::batch::input_size;
use crate::data::{BadImages, OnBadImage, Preparation, Source, stats};
use crate::error::{Error, Result};
use crate::evaluate::Evaluation;
use crate::network::Network;
use checkpoint::folder::{Checkpoints, Newest, newest};
use checkpoint::identity::Identity;
use lock::Lock;
use run::Run;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use tch::Device;
use training::Training;

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
    /// The weights that a new run begins with; none: they are drawn. A run that goes on has its own.
    pub pretrained: Option<&'a Pretrained>,
    /// Where to compute.
    pub device: Device,
    /// Where the results go. It belongs to one run at a time.
    pub folder: &'a Path,
    /// Asks the run to stop.
    pub interrupt: Interrupt,
}

/// What came of an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
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
/// # Examples
/// ```no_run
/// use googlenetc_runtime::data::{BadImages, Options, Part, open};
/// use googlenetc_runtime::error::Result;
/// use googlenetc_runtime::network::Network;
/// use googlenetc_runtime::tch::Device;
/// use googlenetc_runtime::train::{Display, Images, Interrupt, Job, Progress, Recipe, train};
/// use std::path::Path;
///
/// /// Trains for two epochs on the data set in `mnist`, into the folder `run`, which is there.
/// fn learn<N: Network>() -> Result<()> {
///     let part = |part| open(Path::new("mnist"), part, &Options::default());
///     let images = Images { training: part(Part::Training)?, held_out: part(Part::HeldOut)?, held_out_name: "test" };
///     let recipe = Recipe { epochs: 2, ..Recipe::default() };
///     let (device, folder, interrupt) = (Device::Cpu, Path::new("run"), Interrupt::by_signals()?);
///     let job = Job { images: &images, recipe: &recipe, pretrained: None, device, folder, interrupt };
///     for result in train::<N>(&job, &mut BadImages::default(), &mut Progress::new(Display::Auto))? {
///         println!("epoch {}: accuracy {:.4}", result.epoch, result.held_out.accuracy());
///     }
///     Ok(())
/// }
/// ```
///
/// # Errors
/// When files cannot be written, images cannot be read or fed to the network, the weights to begin with do not fit, the loss is no longer
/// finite, another process trains in this folder, or the run is interrupted; then a checkpoint is there.
pub fn train<N: Network>(job: &Job, bad_images: &mut BadImages, progress: &mut Progress) -> Result<Vec<EpochResult>> {
    let _lock = Lock::take(job.folder)?;
    progress.log_to(&job.folder.join("log.txt"))?;
    let preparation = preparation::<N>(job, bad_images.policy())?;
    let recipe = &Recipe { normalise: Some(preparation.normalisation.clone()), ..job.recipe.clone() };
    let mut run = Run::<N>::new(recipe, job.device, job.images.training.labels().len())?;
    if let Some(pretrained) = job.pretrained
        && let Some(left_out) = pretrained.load::<N>(&mut run.store)?
    {
        progress.message(&left_out);
    }
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
    let preparation = preparation::<N>(job, bad_images.policy())?;
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

/// How images become input when the network is tested, and later used: as the recipe says, else as the weights that the run begins with
/// are used to, else by the training images' own mean and deviation.
fn preparation<N: Network>(job: &Job, on_bad_image: OnBadImage) -> Result<Preparation> {
    let Job { images, recipe, .. } = job;
    let known = match (&recipe.normalise, job.pretrained) {
        (None, Some(pretrained)) => pretrained.normalisation::<N>()?,
        (said, _) => said.clone(),
    };
    let normalisation = if let Some(normalisation) = known {
        normalisation
    } else {
        let channels = input_size::<N>().channels;
        stats::of_pixels(&*images.training, channels, recipe.workers, on_bad_image, |_| {})?.normalisation()
    };
    Ok(Preparation { steps: recipe.images.testing.clone(), normalisation })
}
