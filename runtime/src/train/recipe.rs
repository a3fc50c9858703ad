//! How to train, as data, and as files.

use super::{CheckpointPlan, OptimizerKind};
use crate::data::{ImageSize, ImageSteps, Normalisation, Transform, yaml};
use crate::error::{Error, Result};
use crate::files::write_whole;
use serde::{Deserialize, Deserializer, Serialize};
use std::path::Path;

/// How to train.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// The most images in a step.
    pub batch_size: usize,
    /// Which optimizer.
    pub optimizer: OptimizerKind,
    /// The highest learning rate of the schedule.
    pub learning_rate: f64,
    /// Added to each gradient, times the weight.
    pub weight_decay: f64,
    /// For stochastic gradient descent.
    pub momentum: f64,
    /// Decides initial weights, order, augmentation and dropout.
    pub seed: u64,
    /// Threads that prepare images.
    pub workers: usize,
    /// What images go through on their way to the network.
    pub images: ImageSteps,
    /// What they are normalised with; none: with mean and standard deviation of the training images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalise: Option<Normalisation>,
    /// When checkpoints are written, and how many are kept.
    pub checkpoints: CheckpointPlan,
}

impl Recipe {
    /// Whether images become the input of a network that takes `size`.
    ///
    /// # Errors
    /// When the steps do not end with that size, or the normalisation is for another number of channels.
    pub fn check(&self, size: ImageSize) -> Result<()> {
        let nothing = || Normalisation::new(vec![0.0; size.channels], vec![1.0; size.channels]);
        let normalise = self.normalise.clone().unwrap_or_else(nothing);
        for (what, steps) in [("training", &self.images.training), ("testing", &self.images.testing)] {
            Transform::new(size, steps.clone(), normalise.clone())
                .map_err(|e| Error::failed(format!("{what} images: {e}")))?;
        }
        Ok(())
    }

    /// Writes the recipe as a file that [`RecipeFile::read`] reads.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_saphyr::to_string(self);
        let text = text.map_err(|e| Error::failed(format!("`{}` cannot be written: {e}", path.display())))?;
        write_whole(path, text.as_bytes()).map_err(|e| Error::io("write", path, &e))
    }
}

/// What a file says of a recipe; the rest is left to others.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecipeFile {
    /// See [`Recipe::epochs`], and so on.
    #[serde(deserialize_with = "at_least_one")]
    pub epochs: Option<usize>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    #[serde(deserialize_with = "at_least_one")]
    pub batch_size: Option<usize>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    pub optimizer: Option<OptimizerKind>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    #[serde(deserialize_with = "learning_rate")]
    pub learning_rate: Option<f64>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    #[serde(deserialize_with = "weight_decay")]
    pub weight_decay: Option<f64>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    #[serde(deserialize_with = "share")]
    pub momentum: Option<f64>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    pub seed: Option<u64>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    #[serde(deserialize_with = "at_least_one")]
    pub workers: Option<usize>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    pub images: ImageSteps,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    pub normalise: Option<Normalisation>,
    #[expect(missing_docs, reason = "as in `Recipe`")]
    pub checkpoints: CheckpointPlan,
}

impl RecipeFile {
    /// Reads the file at `path`, or, if there is none and it is the name of one, an embedded recipe.
    ///
    /// # Errors
    /// When there is no such file, or it says something else than a recipe.
    pub fn read(path: &Path) -> Result<Self> {
        if let Some(recipe) = path.to_str().filter(|_| !path.exists()).and_then(googlenetc_specs::recipe) {
            return yaml::parse(recipe.text, recipe.file);
        }
        let text = std::fs::read_to_string(path).map_err(|e| {
            let names: Vec<&str> = googlenetc_specs::RECIPES.iter().map(|recipe| recipe.name).collect();
            let error = Error::io("read the recipe", path, &e);
            if e.kind() == std::io::ErrorKind::NotFound {
                return Error::failed(format!("{error}; the names of recipes are {}", names.join(", ")));
            }
            error
        })?;
        yaml::parse(&text, &path.display().to_string())
    }
}

fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<usize>, D::Error> {
    checked(deserializer, |n| *n > 0, "must be at least 1")
}

fn learning_rate<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    checked(deserializer, |n| *n > 0.0 && *n <= 1000.0, "must be a number above 0 and at most 1000")
}

fn weight_decay<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    checked(deserializer, |n| (0.0..=1000.0).contains(n), "must be a number from 0 to 1000")
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    checked(deserializer, |n| (0.0..1.0).contains(n), "must be a number from 0 and below 1")
}

fn checked<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    allowed: impl Fn(&T) -> bool,
    what: &str,
) -> std::result::Result<Option<T>, D::Error> {
    let value = T::deserialize(deserializer)?;
    if allowed(&value) { Ok(Some(value)) } else { Err(serde::de::Error::custom(what)) }
}
