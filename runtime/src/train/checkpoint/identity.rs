//! Which run a checkpoint belongs to.

use crate::data::Source;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::train::{Images, Recipe};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

/// What of a recipe may change while a run is broken off: none of it has to do with what is learnt in a step, except that a schedule
/// stretches with the number of epochs.
const MAY_CHANGE: [&str; 4] = ["epochs", "steps", "workers", "checkpoints"];

/// All that decides which weights come out of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::train) struct Identity {
    network: String,
    spec_hash: String,
    training: DataSet,
    held_out: DataSet,
    recipe: Value,
}

/// What is known of a data set without reading its images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct DataSet {
    images: usize,
    classes: Vec<String>,
    /// A hash of the labels in their order.
    labels: String,
}

impl DataSet {
    fn of(source: &dyn Source) -> Self {
        let mut hasher = blake3::Hasher::new();
        for label in source.labels() {
            hasher.update(&label.to_le_bytes());
        }
        let labels = hasher.finalize().to_hex().to_string();
        Self { images: source.labels().len(), classes: source.classes().to_vec(), labels }
    }

    /// What differs from how the data set was, if anything.
    fn difference(&self, before: &Self, what: &str) -> Option<String> {
        if self.images != before.images {
            return Some(format!("there are {} {what} images and were {}", self.images, before.images));
        }
        if self.classes != before.classes {
            let differs = self.classes.iter().zip(&before.classes).find(|(now, before)| now != before);
            return Some(match differs {
                Some((now, before)) => format!("a class of the {what} images is called `{now}` and was `{before}`"),
                None => {
                    format!("the {what} images have {} classes and had {}", self.classes.len(), before.classes.len())
                }
            });
        }
        (self.labels != before.labels).then(|| format!("the {what} images have other labels or another order"))
    }
}

impl Identity {
    /// # Errors
    /// When the recipe cannot be written as JSON.
    pub(in crate::train) fn of<N: Network>(images: &Images, recipe: &Recipe) -> Result<Self> {
        // By way of text, as when it is read, so that equal numbers stay equal.
        let recipe = serde_json::to_string(recipe).and_then(|text| serde_json::from_str(&text));
        Ok(Self {
            network: N::NAME.to_owned(),
            spec_hash: N::SPEC_HASH.to_owned(),
            training: DataSet::of(&*images.training),
            held_out: DataSet::of(&*images.held_out),
            recipe: recipe.map_err(|e| Error::failed(format!("the recipe cannot be written: {e}")))?,
        })
    }

    /// # Errors
    /// When the checkpoint in `path` is of another run, with what differs.
    pub(in crate::train) fn check(&self, before: &Self, path: &Path) -> Result<()> {
        let differences: Vec<String> = self.differences(before).iter().map(|it| format!("\n  {it}")).collect();
        if differences.is_empty() {
            return Ok(());
        }
        Err(Error::failed(format!(
            "cannot go on from `{}`, because the run is not the same any more:{}\nchange that back, or begin a new run",
            path.display(),
            differences.concat()
        )))
    }

    /// What differs from the run as it was; empty if nothing does.
    fn differences(&self, before: &Self) -> Vec<String> {
        if self.network != before.network {
            return vec![format!("the network is `{}` and was `{}`", self.network, before.network)];
        }
        let mut differences = Vec::new();
        if self.spec_hash != before.spec_hash {
            differences.push(format!("the spec of `{}` has changed", self.network));
        }
        differences.extend(self.training.difference(&before.training, "training"));
        differences.extend(self.held_out.difference(&before.held_out, "held-out"));
        compare("", &self.recipe, &before.recipe, &mut differences);
        differences
    }
}

/// Lists what differs between two recipes, key by key.
fn compare(path: &str, now: &Value, before: &Value, differences: &mut Vec<String>) {
    let (Value::Object(now), Value::Object(before)) = (now, before) else {
        if now != before {
            differences.push(format!("`{path}` is {now} and was {before}"));
        }
        return;
    };
    let nothing = Value::Null;
    for key in keys(now, before) {
        if !(path.is_empty() && MAY_CHANGE.contains(&key)) {
            let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            compare(&path, now.get(key).unwrap_or(&nothing), before.get(key).unwrap_or(&nothing), differences);
        }
    }
}

/// The keys of both, each once.
fn keys<'a>(now: &'a Map<String, Value>, before: &'a Map<String, Value>) -> impl Iterator<Item = &'a str> {
    let gone = before.keys().filter(|key| !now.contains_key(*key));
    now.keys().chain(gone).map(String::as_str)
}
