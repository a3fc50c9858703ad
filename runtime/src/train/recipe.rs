//! How to train, as data.

mod draft;
mod read;
mod values;

pub(crate) use draft::Draft;

use super::{Adam, Averaging, CheckpointPlan, Clip, Extent, OptimizerConfig, Schedule, Stages};
use crate::data::{ImageSize, ImageSteps, Normalisation, Transform, default_workers};
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::precision::Precision;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::path::Path;

/// How to train. Of a file every key may be left out; the default is what is said about each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// The most passes over the training images; 5, or as many as [`Recipe::steps`] need if these are said, and then this is 0.
    #[serde(deserialize_with = "values::at_least_one", skip_serializing_if = "is_zero")]
    pub epochs: usize,
    /// The most steps of the optimizer; none.
    #[serde(deserialize_with = "values::at_least_one_or_none", skip_serializing_if = "Option::is_none")]
    pub steps: Option<usize>,
    /// The most images in a batch; 32.
    #[serde(deserialize_with = "values::at_least_one")]
    pub batch_size: usize,
    /// Which optimizer; Adam.
    pub optimizer: OptimizerConfig,
    /// The highest learning rate of the schedule; the one that is usual for the optimizer.
    #[serde(deserialize_with = "values::learning_rate")]
    pub learning_rate: f64,
    /// How it goes over the run; up over a tenth of it, and down along half a cosine.
    pub schedule: Schedule,
    /// Pulls weights towards zero; 0. Added to each gradient, times the weight; `adamw` takes it off the weights.
    #[serde(deserialize_with = "values::weight_decay")]
    pub weight_decay: f64,
    /// The share of the labels' weight that is spread over all classes; 0.
    #[serde(deserialize_with = "values::share")]
    pub label_smoothing: f64,
    /// What convolutions and linear layers compute in: `float32` or `bfloat16`; float32.
    pub precision: Precision,
    /// How many batches are gone through for one step of the optimizer, which learns from all their images alike; 1.
    #[serde(deserialize_with = "values::at_least_one")]
    pub accumulate: usize,
    /// How gradients are clipped; not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<Clip>,
    /// Which average of the weights is evaluated and kept in place of the last ones; none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub averaging: Option<Averaging>,
    /// Parts of the network that stay as they are, by the beginnings of their names: `conv1`, `inception3*`; none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub freeze: Vec<String>,
    /// Whether batch normalisation in these normalises with its running statistics, and leaves them; no.
    pub freeze_statistics: bool,
    /// Factors of learning rate and weight decay of parts of the network; none.
    #[serde(skip_serializing_if = "Stages::is_empty")]
    pub stages: Stages,
    /// Decides initial weights, order, augmentation and dropout; 1.
    pub seed: u64,
    /// Threads that prepare images; one for each processor, at most 16.
    pub workers: usize,
    /// The share of the training images that is measured on and not trained on, in place of the images that the data set holds
    /// out; none.
    #[serde(deserialize_with = "values::share_or_none", skip_serializing_if = "Option::is_none")]
    pub validation: Option<f64>,
    /// Whether the same share of every class is held out; no.
    pub stratified: bool,
    /// What images go through on their way to the network; they are resized to its input.
    pub images: ImageSteps,
    /// What they are normalised with; mean and standard deviation of the training images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalise: Option<Normalisation>,
    /// When checkpoints are written, and how many are kept; at the end of each epoch and every ten minutes, and two.
    pub checkpoints: CheckpointPlan,
}

impl Default for Recipe {
    fn default() -> Self {
        let optimizer = OptimizerConfig::Adam(Adam::default());
        Self {
            epochs: 5,
            steps: None,
            batch_size: 32,
            learning_rate: optimizer.default_learning_rate(),
            optimizer,
            schedule: Schedule::default(),
            weight_decay: 0.0,
            label_smoothing: 0.0,
            precision: Precision::Float32,
            accumulate: 1,
            clip: None,
            averaging: None,
            freeze: Vec::new(),
            freeze_statistics: false,
            stages: Stages::new(),
            seed: 1,
            workers: default_workers(),
            validation: None,
            stratified: false,
            images: ImageSteps::default(),
            normalise: None,
            checkpoints: CheckpointPlan::default(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Recipe {
    /// Reads the file at `path`, or, if there is none and it is the name of one, an embedded recipe.
    ///
    /// # Errors
    /// When there is no such file, or it says something else than a recipe.
    pub fn read(path: &Path) -> Result<Self> {
        Draft::read(path)?.finish()
    }

    /// The most images that a step learns from.
    pub(crate) fn images_of_a_step(&self) -> usize {
        self.batch_size.saturating_mul(self.accumulate).max(1)
    }

    /// How long a run is whose epochs have so many steps.
    ///
    /// # Errors
    /// When the learning rate would never be reached.
    pub fn extent(&self, steps_per_epoch: usize) -> Result<Extent> {
        let steps_per_epoch = NonZeroUsize::new(steps_per_epoch).unwrap_or(NonZeroUsize::MIN);
        let by_epochs = Some(self.epochs.saturating_mul(steps_per_epoch.get())).filter(|steps| *steps > 0);
        let steps = by_epochs.into_iter().chain(self.steps).min().unwrap_or(0);
        let run = Extent { steps_per_epoch, steps };
        match self.schedule.warm_up.map(|warm_up| warm_up.length.steps(run)) {
            Some(rise) if rise > 0 && rise >= steps => Err(Error::failed(format!(
                "the warm-up takes {rise} steps, and the run has only {steps}: make `schedule.warm_up` shorter or the run longer"
            ))),
            _ => Ok(run),
        }
    }

    /// Whether the keys go together, and images become the input of a network that takes `size`.
    ///
    /// # Errors
    /// When two keys contradict each other, the steps do not end with that size, or the normalisation is for another number of
    /// channels.
    pub fn check(&self, size: ImageSize) -> Result<()> {
        self.contradiction().map_or(Ok(()), |message| Err(Error::failed(message)))?;
        let nothing = || Normalisation::new(vec![0.0; size.channels], vec![1.0; size.channels]);
        let normalise = self.normalise.clone().unwrap_or_else(nothing);
        for (what, steps) in [("training", &self.images.training), ("testing", &self.images.testing)] {
            Transform::new(size, steps.clone(), normalise.clone())
                .map_err(|e| Error::failed(format!("{what} images: {e}")))?;
        }
        Ok(())
    }

    /// What is said that cannot be true at the same time, as far as it does not depend on the data set.
    fn contradiction(&self) -> Option<String> {
        if self.freeze_statistics && self.freeze.is_empty() {
            return Some("`freeze_statistics` is about parts that `freeze` names, and it names none".to_owned());
        }
        if self.stratified && self.validation.is_none() {
            return Some(
                "`stratified` says how `validation` images are chosen, and there is no `validation`".to_owned(),
            );
        }
        None
    }

    /// The recipe as a file has it.
    ///
    /// # Errors
    /// When something in it cannot be written.
    pub fn to_yaml(&self) -> Result<String> {
        serde_saphyr::to_string(self).map_err(|e| Error::failed(format!("the recipe cannot be written: {e}")))
    }

    /// Writes the recipe as a file that [`Recipe::read`] reads.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_whole(path, self.to_yaml()?.as_bytes()).map_err(|e| Error::io("write", path, &e))
    }
}
