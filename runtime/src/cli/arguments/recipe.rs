//! The options of `train` that say how to train.

use super::values::{at_least_one, held_out_share, learning_rate, moved_share, share, weight_decay};
use crate::data::Step;
use crate::data::transform::{Probability, Shift};
use crate::error::{Error, Result};
use crate::train::{Curve, Draft, OptimizerConfig, Recipe, Schedule};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How to train.
#[derive(Args, Debug)]
pub(in crate::cli) struct RecipeArguments {
    #[arg(long, value_name = "FILE", help = recipe_help())]
    recipe: Option<PathBuf>,
    /// Change anything in the recipe: keys joined by full stops, and a value as in the file, or null for what is usual:
    /// --set schedule.cosine.floor=1e-5. May be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Passes over the training images [default: 5]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    epochs: Option<usize>,
    /// Steps of the optimizer, in place of epochs
    #[arg(long, value_name = "N", value_parser = at_least_one, conflicts_with = "epochs")]
    steps: Option<usize>,
    /// The most images in a step [default: 32]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    batch_size: Option<usize>,
    /// How weights follow gradients [default: adam]
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(OptimizerConfig::NAMES))]
    optimizer: Option<String>,
    /// The highest learning rate [default: 0.001 for adam and adamw, 0.01 for rmsprop, 0.05 for sgd]
    #[arg(long, value_name = "RATE", value_parser = learning_rate, allow_negative_numbers = true)]
    lr: Option<f64>,
    /// How the learning rate goes over the run, without a warm-up; `--set schedule.NAME.KEY=VALUE` says more, for instance
    /// schedule.cosine.floor=1e-5. step, multi-step and exponential need more, as in `--set "schedule={step: {every: 8, factor:
    /// 0.96}}"` [default: cosine, down to zero, behind a rise over a tenth of the run]
    #[arg(long, value_name = "NAME", value_parser = complete_schedules())]
    schedule: Option<String>,
    /// Pulls weights towards zero [default: 0]
    #[arg(long, value_name = "FACTOR", value_parser = weight_decay, allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    /// Momentum of sgd, or of rmsprop [default: 0.9, or 0]
    #[arg(long, value_name = "FACTOR", value_parser = share, allow_negative_numbers = true)]
    momentum: Option<f64>,
    /// Move training images at random, by up to this share of their height and width, behind what the recipe does with them
    #[arg(long, value_name = "SHARE", value_parser = moved_share, allow_negative_numbers = true)]
    shift: Option<Probability>,
    /// Measure on this share of the training images, not trained on then, and leave the test images alone: for choosing settings
    #[arg(long, value_name = "SHARE", value_parser = held_out_share, allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Hold out the same share of every class for validation
    #[arg(long)]
    stratified: bool,
    /// The same seed gives the same network on the same machine [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

fn recipe_help() -> String {
    let names: Vec<&str> = googlenetc_specs::RECIPES.iter().map(|recipe| recipe.name).collect();
    format!(
        "A recipe: a file that says how to train and what images go through, or the name of one ({}). The options below win over what \
         it says",
        names.join(", ")
    )
}

/// The schedules that have a usual setting for everything, so that the name alone is one.
fn complete_schedules() -> PossibleValuesParser {
    let is_complete = |name: &&&str| Schedule::deserialize(StrDeserializer::<ValueError>::new(name)).is_ok();
    PossibleValuesParser::new(Curve::NAMES.iter().filter(is_complete))
}

impl RecipeArguments {
    /// What the options say, else what the recipe says, which is that of a run if one is to go on, else the defaults.
    pub(super) fn recipe(&self, resumed: Option<&Path>, workers: Option<usize>) -> Result<Recipe> {
        let resumed = resumed.map(|folder| folder.join("recipe.yaml"));
        let mut draft = resumed.as_deref().or(self.recipe.as_deref()).map(Draft::read).transpose()?.unwrap_or_default();
        if let Some(optimizer) = &self.optimizer {
            draft.choose_optimizer(&format!("--optimizer {optimizer}"), optimizer)?;
        }
        if let Some(momentum) = self.momentum {
            let name = draft.optimizer();
            if !matches!(name.as_str(), "sgd" | "rmsprop") {
                return Err(Error::failed(format!(
                    "`--momentum` is for `sgd` and `rmsprop`, and the optimizer is `{name}`"
                )));
            }
            draft.change(&format!("--momentum {momentum}"), &format!("optimizer.{name}.momentum"), momentum)?;
        }
        let mut change = |option: &str, key, value: Option<Value>| match value {
            Some(value) => draft.change(&format!("--{option} {value}"), key, value),
            None => Ok(()),
        };
        change("epochs", "epochs", self.epochs.map(Value::from))?;
        change("steps", "steps", self.steps.map(Value::from))?;
        change("batch-size", "batch_size", self.batch_size.map(Value::from))?;
        change("lr", "learning_rate", self.lr.map(Value::from))?;
        change("weight-decay", "weight_decay", self.weight_decay.map(Value::from))?;
        change("schedule", "schedule", self.schedule.as_deref().map(Value::from))?;
        change("seed", "seed", self.seed.map(Value::from))?;
        change("workers", "workers", workers.map(Value::from))?;
        change("validation", "validation", self.validation.map(Value::from))?;
        change("stratified", "stratified", self.stratified.then_some(Value::from(true)))?;
        for setting in &self.settings {
            draft.set(setting)?;
        }
        let mut recipe = draft.finish()?;
        recipe.images.training.extend(self.shift.map(|share| Step::Shift(Shift { share })));
        Ok(recipe)
    }
}
