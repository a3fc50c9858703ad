//! A recipe on its way: what a file says, and what options change about it.

#[cfg(test)]
mod tests;
mod tree;

use super::{Recipe, read};
use crate::data::yaml;
use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use std::path::Path;
use tree::put;

/// What a file and options say of a recipe. It becomes a [`Recipe`], in which everything is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    said: Value,
    changes: Vec<Change>,
}

/// What one option says.
#[derive(Clone, Debug)]
struct Change {
    /// The option as it was written, `--set schedule.cosine.floor=1e-5`.
    option: String,
    path: Vec<String>,
    value: Value,
}

impl Draft {
    /// Reads the file at `path`, or, if there is none and it is the name of one, an embedded recipe.
    ///
    /// # Errors
    /// When there is no such file, or it says something else than a recipe.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let (text, name) = read::text(path)?;
        Self::parse(&text, &name)
    }

    /// The same for the text of a file, which messages call `name`.
    ///
    /// # Errors
    /// When it says something else than a recipe.
    pub(crate) fn parse(text: &str, name: &str) -> Result<Self> {
        // First as what it is to be, so that messages have the place.
        yaml::parse::<Recipe>(text, name)?;
        Ok(Self { said: yaml::parse(text, name)?, changes: Vec::new() })
    }

    /// Lets `option`, as it was written, change what stands at `path`, a key or keys joined by full stops.
    ///
    /// # Errors
    /// When `value` is nothing that a file could hold.
    pub(crate) fn change(&mut self, option: &str, path: &str, value: impl Serialize) -> Result<()> {
        let value = serde_json::to_value(value).map_err(|e| Error::failed(format!("`{option}`: {e}")))?;
        self.changes.push(Change {
            option: option.to_owned(),
            path: path.split('.').map(str::to_owned).collect(),
            value,
        });
        Ok(())
    }

    /// The name of the optimizer.
    pub(crate) fn optimizer(&self) -> String {
        self.tree(&self.changes).get("optimizer").and_then(only_name).unwrap_or("adam".to_owned())
    }

    /// Lets `option` choose an optimizer by its name. The settings and the learning rate of another one go.
    ///
    /// # Errors
    /// None so far.
    pub(crate) fn choose_optimizer(&mut self, option: &str, name: &str) -> Result<()> {
        if self.optimizer() == name {
            return Ok(());
        }
        self.change(option, "learning_rate", Value::Null)?;
        self.change(option, "optimizer", name)
    }

    /// The same for `setting`, `schedule.cosine.floor=1e-5`: a path and a value as in YAML, or `null` for what is usual.
    ///
    /// # Errors
    /// When it is not made like that.
    pub(crate) fn set(&mut self, setting: &str) -> Result<()> {
        let option = format!("--set {setting}");
        let split =
            setting.split_once('=').filter(|(path, _)| !path.is_empty() && path.split('.').all(|key| !key.is_empty()));
        let (path, text) = split.ok_or_else(|| {
            Error::failed(format!("`{option}`: a setting is made like `epochs=20` or `schedule.cosine.floor=1e-5`"))
        })?;
        let value: Value =
            serde_saphyr::from_str(text).map_err(|e| Error::failed(format!("`{option}`: {}", yaml::reason(&e))))?;
        self.change(&option, path, value)
    }

    /// The recipe.
    ///
    /// # Errors
    /// When an option changes something that is not there, or to what cannot stand there.
    pub(crate) fn finish(&self) -> Result<Recipe> {
        let recipe = recipe(&self.tree(&self.changes)).map_err(|error| self.blame(&error))?;
        self.nameless().map_or(Ok(recipe), Err)
    }

    /// The first option that takes something away under a name that nothing has. A value of its own shows that, as it stays.
    fn nameless(&self) -> Option<Error> {
        let mut nothing = self.changes.iter().enumerate().filter(|(_, change)| change.value.is_null());
        nothing.find_map(|(place, change)| {
            let mut changes = self.changes.clone();
            changes.get_mut(place)?.value = Value::Object(Map::new());
            let error = recipe(&self.tree(&changes)).err().filter(is_about_a_name)?;
            Some(Error::failed(format!("`{}`: {}", change.option, yaml::reason(&error))))
        })
    }

    /// An error of all that is said, as one of the options without which there were none.
    fn blame(&self, error: &serde_saphyr::Error) -> Error {
        let without = |left_out: usize| {
            let rest: Vec<Change> = self
                .changes
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != left_out)
                .map(|(_, change)| change.clone())
                .collect();
            recipe(&self.tree(&rest))
        };
        let mut guilty: Vec<&Change> =
            self.changes.iter().enumerate().filter(|(i, _)| without(*i).is_ok()).map(|(_, change)| change).collect();
        if guilty.is_empty() {
            guilty = self.changes.iter().collect();
        }
        let options: Vec<String> = guilty.iter().map(|change| format!("`{}`", change.option)).collect();
        Error::failed(format!("{}: {}", options.join(", "), yaml::reason(error)))
    }

    fn tree(&self, changes: &[Change]) -> Value {
        let mut tree = if self.said.is_null() { Value::Object(Map::new()) } else { self.said.clone() };
        for change in changes {
            put(&mut tree, &change.path, &change.value);
        }
        tree
    }
}

/// By way of text, as the reader of files gives better messages than that of JSON.
fn recipe(tree: &Value) -> std::result::Result<Recipe, serde_saphyr::Error> {
    let text = serde_saphyr::to_string(tree).unwrap_or_default();
    let mut recipe: Recipe = serde_saphyr::from_str(&text)?;
    // What is usual depends on what else is said.
    if tree.get("learning_rate").is_none() {
        recipe.learning_rate = recipe.optimizer.default_learning_rate();
    }
    if recipe.steps.is_some() && tree.get("epochs").is_none() {
        recipe.epochs = 0;
    }
    Ok(recipe)
}

/// Whether a name is wrong, whatever stands behind it.
fn is_about_a_name(error: &serde_saphyr::Error) -> bool {
    use serde_saphyr::Error::{SerdeUnknownField, SerdeUnknownVariant};
    matches!(error.without_snippet(), SerdeUnknownField { .. } | SerdeUnknownVariant { .. })
}

/// The name that is chosen, with settings or without.
fn only_name(choice: &Value) -> Option<String> {
    match choice {
        Value::String(name) => Some(name.clone()),
        Value::Object(settings) => settings.keys().next().cloned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}
