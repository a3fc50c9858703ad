//! What recipes and weights say about the way from an image to the input.

use super::transform::Resize;
use super::{ImageSize, Normalisation, Step, Transform};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// The steps of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImageSteps {
    /// What training images go through.
    pub training: Vec<Step>,
    /// What other images go through.
    pub testing: Vec<Step>,
}

impl Default for ImageSteps {
    /// Images are resized to the network's input.
    fn default() -> Self {
        Self { training: plain(), testing: plain() }
    }
}

/// How images become the input of a network that has been trained: kept with its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// What images go through.
    #[serde(default = "plain")]
    pub steps: Vec<Step>,
    /// What they are normalised with.
    pub normalisation: Normalisation,
}

impl Preparation {
    /// The same for a network that takes `size`.
    ///
    /// # Errors
    /// When the steps do not end with that size, or the normalisation is for another number of channels.
    pub fn transform(&self, size: ImageSize) -> Result<Transform> {
        Transform::new(size, self.steps.clone(), self.normalisation.clone())
    }
}

impl From<Normalisation> for Preparation {
    /// Images are resized to the network's input.
    fn from(normalisation: Normalisation) -> Self {
        Self { steps: plain(), normalisation }
    }
}

/// The network's input, whatever shape the image has.
fn plain() -> Vec<Step> {
    vec![Step::Resize(Resize::default())]
}
