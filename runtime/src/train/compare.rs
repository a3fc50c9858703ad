//! Several runs side by side.

use super::history::History;
use super::report::{Page, Table, name_of};
use super::{about::About, curves};
use crate::chart::svg;
use crate::error::{Error, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Runs side by side: what their recipes differ in, what came of them, and their curves over each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    names: Vec<String>,
    differences: Table,
    results: Table,
    curves: String,
}

/// How deep into recipes differences are looked for; deeper down they are shown as a whole.
const DEPTH: usize = 6;

impl Comparison {
    /// Reads the folders of the runs.
    ///
    /// # Errors
    /// When one is not the folder of a run.
    pub fn read(folders: &[PathBuf]) -> Result<Self> {
        let names = names(folders);
        let histories = folders.iter().map(|folder| History::read(folder)).collect::<Result<Vec<_>>>()?;
        let settings = folders.iter().map(|folder| settings(folder)).collect::<Result<Vec<_>>>()?;
        let results = results(&names, &histories);
        let runs: Vec<(String, History)> = names.iter().cloned().zip(histories).collect();
        let curves = svg(&curves::of_runs(&runs), "Learning curves of several runs");
        Ok(Self { differences: differences(&names, &settings), results, curves, names })
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        format!("{}\n\n{}", self.differences.text(), self.results.text())
    }

    /// As a page that has all within it.
    pub fn page(&self) -> String {
        let mut page = Page::new(&self.names.join(", "));
        page.table("Results", &self.results);
        page.picture("Learning curves", &self.curves);
        page.table("What differs", &self.differences);
        page.finish()
    }
}

/// The folders' names, or, if these are the same, their paths.
fn names(folders: &[PathBuf]) -> Vec<String> {
    let names: Vec<String> = folders.iter().map(|folder| name_of(folder)).collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    if distinct.len() == names.len() {
        names
    } else {
        folders.iter().map(|folder| folder.display().to_string()).collect()
    }
}

/// All that was chosen for a run, by name.
fn settings(folder: &Path) -> Result<BTreeMap<String, String>> {
    let about = About::read(folder)?;
    let path = folder.join("recipe.yaml");
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, &e))?;
    let recipe: Value = crate::data::yaml::parse(&text, &path.display().to_string())?;
    let mut settings = BTreeMap::from([
        ("network".to_owned(), about.network),
        ("spec".to_owned(), about.spec_hash),
        ("device".to_owned(), about.device),
        ("training images".to_owned(), about.training_images.to_string()),
    ]);
    flatten("", &recipe, DEPTH, &mut settings);
    Ok(settings)
}

/// The values of a recipe by their paths.
fn flatten(path: &str, value: &Value, depth: usize, settings: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) if depth > 0 && !entries.is_empty() => {
            for (name, value) in entries {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, depth - 1, settings);
            }
        }
        Value::String(text) => {
            settings.insert(path.to_owned(), text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            settings.insert(path.to_owned(), value.to_string());
        }
    }
}

fn differences(names: &[String], settings: &[BTreeMap<String, String>]) -> Table {
    let mut table = Table::new(std::iter::once(&String::new()).chain(names));
    let keys: BTreeSet<&String> = settings.iter().flat_map(BTreeMap::keys).collect();
    let mut differ = false;
    for key in keys {
        let values: Vec<String> =
            settings.iter().map(|settings| settings.get(key).cloned().unwrap_or_else(|| "-".to_owned())).collect();
        if values.windows(2).any(|pair| pair.first() != pair.last()) {
            differ = true;
            table.row(std::iter::once(key.clone()).chain(values));
        }
    }
    if !differ {
        table.row(["all settings are the same".to_owned()]);
    }
    table
}

fn results(names: &[String], histories: &[History]) -> Table {
    let mut table = Table::new(std::iter::once(&String::new()).chain(names));
    let mut row = |what: &str, value: &dyn Fn(&History) -> Option<String>| {
        let values = histories.iter().map(|history| value(history).unwrap_or_else(|| "-".to_owned()));
        table.row(std::iter::once(what.to_owned()).chain(values));
    };
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    row("held-out images", &|history| Some(history.held_out_name.clone()));
    row("epochs", &|history| Some(history.epochs.len().to_string()));
    row("accuracy, last epoch", &|history| Some(percent(history.epochs.last()?.held_out_accuracy)));
    row("accuracy, best epoch", &|history| Some(percent(history.best()?.held_out_accuracy)));
    row("best epoch", &|history| Some(history.best()?.epoch.to_string()));
    row("loss, last epoch", &|history| Some(format!("{:.4}", history.epochs.last()?.held_out_loss)));
    row("training loss, last epoch", &|history| Some(format!("{:.4}", history.epochs.last()?.loss)));
    row("seconds", &|history| Some(format!("{:.0}", history.seconds())));
    table
}
