//! A recipe on its way: what a file says, and what options change about it.

use super::{Recipe, read};
use crate::data::yaml;
use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Keys under which one of several names stands: what is said about another one takes its place.
const CHOICES: &[(&str, &[&str])] = &[
    ("", &["epochs", "steps"]),
    ("optimizer", &["sgd", "adam", "adamw", "rmsprop"]),
    ("schedule", &["constant", "step", "multi-step", "exponential", "polynomial", "cosine", "one-cycle"]),
    ("schedule.warm_up", &["steps", "epochs", "share"]),
    ("averaging", &["ema", "polyak"]),
    ("clip", &["norm", "value"]),
];

/// What a file and options say of a recipe. It becomes a [`Recipe`], in which everything is said.
#[derive(Clone, Debug, Default)]
pub struct Draft {
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
    pub fn read(path: &Path) -> Result<Self> {
        let (text, name) = read::text(path)?;
        Self::parse(&text, &name)
    }

    /// The same for the text of a file, which messages call `name`.
    ///
    /// # Errors
    /// When it says something else than a recipe.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        // First as what it is to be, so that messages have the place.
        yaml::parse::<Recipe>(text, name)?;
        Ok(Self { said: yaml::parse(text, name)?, changes: Vec::new() })
    }

    /// Lets `option`, as it was written, change what stands at `path`, a key or keys joined by full stops.
    ///
    /// # Errors
    /// When `value` is nothing that a file could hold.
    pub fn change(&mut self, option: &str, path: &str, value: impl Serialize) -> Result<()> {
        let value = serde_json::to_value(value).map_err(|e| Error::failed(format!("`{option}`: {e}")))?;
        self.changes.push(Change {
            option: option.to_owned(),
            path: path.split('.').map(str::to_owned).collect(),
            value,
        });
        Ok(())
    }

    /// The name of the optimizer.
    pub fn optimizer(&self) -> String {
        self.tree(&self.changes).get("optimizer").and_then(only_name).unwrap_or("adam".to_owned())
    }

    /// Lets `option` choose an optimizer by its name. The settings and the learning rate of another one go.
    ///
    /// # Errors
    /// None so far.
    pub fn choose_optimizer(&mut self, option: &str, name: &str) -> Result<()> {
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
    pub fn set(&mut self, setting: &str) -> Result<()> {
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
    pub fn finish(&self) -> Result<Recipe> {
        recipe(&self.tree(&self.changes)).map_err(|error| self.blame(&error))
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
            put(&mut tree, &mut String::new(), &change.path, &change.value);
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

/// The name that is chosen, with settings or without.
fn only_name(choice: &Value) -> Option<String> {
    match choice {
        Value::String(name) => Some(name.clone()),
        Value::Object(settings) => settings.keys().next().cloned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// What stands at `place` if nothing is said, for a value of which the part at `rest` changes; nothing, if that is another choice.
fn usual(place: &str, rest: &[String]) -> Value {
    let Some(next) = rest.first().filter(|_| !place.contains('.')) else { return Value::Null };
    let usual =
        serde_json::to_value(Recipe::default()).ok().and_then(|mut usual| usual.get_mut(place).map(Value::take));
    let usual = usual.unwrap_or_default();
    let other = CHOICES
        .iter()
        .any(|(choice, names)| *choice == place && names.contains(&next.as_str()) && usual.get(next).is_none());
    if other { Value::Null } else { usual }
}

/// Puts `value` to `path` in `tree`, which itself is at `place`.
fn put(tree: &mut Value, place: &mut String, path: &[String], value: &Value) {
    let [key, rest @ ..] = path else {
        *tree = value.clone();
        return;
    };
    if let (Value::Array(items), Ok(index)) = (&mut *tree, key.parse::<usize>())
        && let Some(item) = items.get_mut(index)
    {
        put(item, place, rest, value);
        return;
    }
    // A name without settings, or nothing.
    if !tree.is_object() {
        let name = tree.as_str().map(str::to_owned);
        *tree = Value::Object(name.into_iter().map(|name| (name, Value::Object(Map::new()))).collect());
    }
    let Value::Object(map) = tree else { return };
    if let Some((_, names)) = CHOICES.iter().find(|(choice, names)| choice == place && names.contains(&key.as_str())) {
        map.retain(|other, _| other == key || !names.contains(&other.as_str()));
    }
    if !place.is_empty() {
        place.push('.');
    }
    place.push_str(key);
    if rest.is_empty() && value.is_null() {
        map.remove(key);
    } else {
        put(map.entry(key.clone()).or_insert_with(|| usual(place, rest)), place, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;
    use crate::train::Recipe;

    #[track_caller]
    fn set(file: &str, settings: &[&str]) -> Result<Recipe, String> {
        let mut draft = Draft::parse(file, "recipe.yaml").map_err(|e| e.to_string())?;
        for setting in settings {
            draft.set(setting).map_err(|e| e.to_string())?;
        }
        draft.finish().map_err(|e| e.to_string())
    }

    #[test]
    fn settings_change_what_a_file_says() {
        let recipe = set("epochs: 3\nseed: 2\n", &["epochs=7", "batch_size=8", "learning_rate=1e-5"]).unwrap();
        let expected = Recipe { epochs: 7, seed: 2, batch_size: 8, learning_rate: 1e-5, ..Recipe::default() };
        assert_eq!(recipe, expected);
        // The usual value.
        assert_eq!(set("seed: 2", &["seed=null"]).unwrap(), Recipe::default());
        // Large numbers stay whole.
        assert_eq!(set("", &["seed=18446744073709551615"]).unwrap().seed, u64::MAX);
    }

    #[test]
    fn a_run_is_as_long_as_epochs_or_steps_say() {
        for (said, epochs, steps, expected) in [
            ("", 5, None, 35),
            ("epochs: 3", 3, None, 21),
            ("steps: 100", 0, Some(100), 100),
            ("{epochs: 3, steps: 100}", 3, Some(100), 21),
            ("{epochs: 3, steps: 10}", 3, Some(10), 10),
        ] {
            let recipe = set(said, &["schedule=constant"]).unwrap();
            assert_eq!((recipe.epochs, recipe.steps), (epochs, steps), "{said}");
            assert_eq!(recipe.extent(7).unwrap().steps, expected, "{said}");
            assert_eq!(set(&recipe.to_yaml().unwrap(), &[]).unwrap(), recipe);
        }
        let error = set("epochs: 3", &["schedule.warm_up.steps=21"]).unwrap().extent(7).unwrap_err().to_string();
        assert!(error.starts_with("the warm-up takes 21 steps, and the run has only 21: "), "{error}");
    }

    #[test]
    fn of_several_choices_the_one_that_was_set_stays() {
        let optimizer =
            |file, setting| set(file, &[setting]).map(|recipe| serde_json::to_string(&recipe.optimizer).unwrap());
        let nesterov = r#"{"sgd":{"momentum":0.9,"nesterov":true}}"#;
        assert_eq!(optimizer("optimizer: sgd", "optimizer.sgd.nesterov=true").unwrap(), nesterov);
        assert_eq!(optimizer("optimizer: {adam: {eps: 1e-7}}", "optimizer.sgd.nesterov=true").unwrap(), nesterov);
        let kept = optimizer("optimizer: {adam: {eps: 1e-7}}", "optimizer.adam.betas=[0.8, 0.9]").unwrap();
        assert_eq!(kept, r#"{"adam":{"betas":[0.8,0.9],"eps":1e-7}}"#);
        let recipe =
            set("schedule: {step: {every: 8, factor: 0.96}, warm_up: {epochs: 2}}", &["schedule.cosine.floor=1e-5"]);
        let schedule = serde_json::to_string(&recipe.unwrap().schedule).unwrap();
        assert_eq!(schedule, r#"{"cosine":{"floor":0.00001},"by":"step","warm_up":{"epochs":2.0}}"#);
        // What is usual is changed in the same way.
        let schedule = |setting| serde_json::to_string(&set("", &[setting]).unwrap().schedule).unwrap();
        assert_eq!(
            schedule("schedule.warm_up.share=0.2"),
            r#"{"cosine":{"floor":0.0},"by":"step","warm_up":{"share":0.2}}"#
        );
        assert_eq!(schedule("schedule.exponential.factor=0.9"), r#"{"exponential":{"factor":0.9},"by":"epoch"}"#);
        assert_eq!(schedule("schedule.warm_up=null"), r#"{"cosine":{"floor":0.0},"by":"step"}"#);
        let recipe = set("epochs: 3", &["steps=100"]).unwrap();
        assert_eq!((recipe.epochs, recipe.steps), (0, Some(100)));
        let recipe = set("steps: 100", &["epochs=3"]).unwrap();
        assert_eq!((recipe.epochs, recipe.steps), (3, None));
        let error = set("", &["schedule.cosine.flor=1"]).unwrap_err();
        assert!(
            error.starts_with("`--set schedule.cosine.flor=1`: ") && error.ends_with("did you mean `floor`?"),
            "{error}"
        );
    }

    #[test]
    fn a_learning_rate_goes_with_its_optimizer() {
        let rate = |file, optimizer: &str| {
            let mut draft = Draft::parse(file, "recipe.yaml").unwrap();
            draft.choose_optimizer("--optimizer", optimizer).unwrap();
            draft.finish().unwrap().learning_rate.to_string()
        };
        assert_eq!(rate("learning_rate: 0.3", "adam"), "0.3");
        assert_eq!(rate("learning_rate: 0.3", "sgd"), "0.05");
        assert_eq!(rate("{optimizer: sgd, learning_rate: 0.3}", "sgd"), "0.3");
        assert_eq!(rate("{optimizer: {sgd: {momentum: 0}}, learning_rate: 0.3}", "adamw"), "0.001");
        assert_eq!(set("optimizer: rmsprop", &[]).unwrap().learning_rate.to_string(), "0.01");
    }

    #[test]
    fn settings_reach_into_lists() {
        let file = "images: {training: [resize, {shift: 0.1}]}";
        let set =
            |setting| set(file, &[setting]).map(|recipe| serde_json::to_string(&recipe.images.training[1]).unwrap());
        assert_eq!(set("images.training.1.shift=0.2").unwrap(), r#"{"shift":{"share":0.2}}"#);
        assert_eq!(set("images.training.1=horizontal-flip").unwrap(), r#"{"horizontal-flip":{"p":0.5}}"#);
        let error = set("images.training.1.shift=2").unwrap_err();
        assert_eq!(error, "`--set images.training.1.shift=2`: a number from 0 to 1 is needed, not 2");
    }

    #[test]
    fn what_is_wrong_is_said_of_the_setting_that_is_wrong() {
        let error = |settings: &[&str]| set("epochs: 3", settings).unwrap_err();
        let message = error(&["seed=5", "learningrate=0.1", "epochs=7"]);
        assert!(
            message.starts_with("`--set learningrate=0.1`: unknown field `learningrate`, expected one of "),
            "{message}"
        );
        assert!(message.ends_with("; did you mean `learning_rate`?"), "{message}");
        assert_eq!(error(&["batch_size=0"]), "`--set batch_size=0`: must be at least 1");
        assert_eq!(error(&["epochs=many"]), "`--set epochs=many`: must be a whole number, and not below 0");
        for setting in
            ["learning_rate=.nan", "learning_rate=-1", "weight_decay=.inf", "epochs.more=1", "epochs=[1", "seed=-1"]
        {
            let message = error(&[setting]);
            assert!(message.starts_with(&format!("`--set {setting}`: ")) && !message.contains("line"), "{message}");
        }
        assert_eq!(
            error(&["epochs"]),
            "`--set epochs`: a setting is made like `epochs=20` or `schedule.cosine.floor=1e-5`"
        );
        // Both are wrong.
        let message = error(&["batch_size=0", "seed=-1"]);
        assert!(message.starts_with("`--set batch_size=0`, `--set seed=-1`: "), "{message}");
    }
}
