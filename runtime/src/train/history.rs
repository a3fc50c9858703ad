//! What a run has logged, read back.

use super::step_log::{self, StepLine};
use crate::error::{Error, Result};
use std::path::Path;

/// What a run has logged.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    /// The names of the heads.
    pub(crate) heads: Vec<String>,
    /// What the held-out images are called.
    pub(crate) held_out_name: String,
    /// A line for each epoch, from `metrics.csv`.
    pub(crate) epochs: Vec<EpochLine>,
    /// The steps that were logged, from `steps.jsonl`.
    pub(crate) steps: Vec<StepLine>,
}

/// A line of `metrics.csv`. See [`super::EpochResult`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EpochLine {
    pub(crate) epoch: usize,
    pub(crate) step: usize,
    pub(crate) learning_rate: f64,
    pub(crate) loss: f64,
    /// In the order of [`History::heads`].
    pub(crate) head_losses: Vec<f64>,
    pub(crate) accuracy: f64,
    pub(crate) held_out_loss: f64,
    pub(crate) held_out_accuracy: f64,
    pub(crate) held_out_top5_error: f64,
    pub(crate) seconds: f64,
}

impl History {
    /// Reads what is in the folder of a run. What is not there yet is left empty.
    ///
    /// # Errors
    /// When a file cannot be read, or is of another form.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let (table, steps) = (folder.join("metrics.csv"), folder.join("steps.jsonl"));
        let mut history = if table.exists() { read_table(&table)? } else { Self::default() };
        if steps.exists() {
            history.steps = step_log::read(&steps)?;
        }
        Ok(history)
    }

    /// The first of the epochs that did best on the held-out images.
    pub(crate) fn best(&self) -> Option<&EpochLine> {
        let better = |best: &EpochLine, other: &EpochLine| other.held_out_accuracy > best.held_out_accuracy;
        self.epochs.iter().reduce(|best, other| if better(best, other) { other } else { best })
    }

    /// Wall time of all epochs.
    pub(crate) fn seconds(&self) -> f64 {
        self.epochs.iter().map(|epoch| epoch.seconds).sum()
    }
}

fn read_table(path: &Path) -> Result<History> {
    let wrong = |why: String| Error::failed(format!("`{}`: {why}", path.display()));
    let text = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    let mut table = csv::Reader::from_reader(&*text);
    let names: Vec<String> = table.headers().map_err(|e| wrong(e.to_string()))?.iter().map(str::to_owned).collect();
    let heads = names.iter().filter_map(|name| name.strip_prefix("train_loss_")).map(str::to_owned).collect();
    let held_out = names.iter().filter_map(|name| name.strip_suffix("_top5_error")).next_back().unwrap_or("test");
    let mut history = History { heads, held_out_name: held_out.to_owned(), ..History::default() };
    for line in table.records() {
        let line = line.map_err(|e| wrong(e.to_string()))?;
        let place = line.position().map_or(0, csv::Position::line);
        let text = |name: &str| {
            let index = names.iter().position(|of| of == name);
            let text = index.and_then(|index| line.get(index));
            text.ok_or_else(|| wrong(format!("line {place} has no {name}")))
        };
        let number = |name: &str| parsed::<f64>(text(name)?).map_err(|e| wrong(format!("line {place}, {name}: {e}")));
        let count = |name: &str| parsed::<usize>(text(name)?).map_err(|e| wrong(format!("line {place}, {name}: {e}")));
        let head_losses = history.heads.iter().map(|head| number(&format!("train_loss_{head}")));
        history.epochs.push(EpochLine {
            epoch: count("epoch")?,
            step: count("step")?,
            learning_rate: number("learning_rate")?,
            loss: number("train_loss")?,
            head_losses: head_losses.collect::<Result<_>>()?,
            accuracy: number("train_accuracy")?,
            held_out_loss: number(&format!("{held_out}_loss"))?,
            held_out_accuracy: number(&format!("{held_out}_accuracy"))?,
            held_out_top5_error: number(&format!("{held_out}_top5_error"))?,
            seconds: number("seconds")?,
        });
    }
    Ok(history)
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> std::result::Result<T, String> {
    text.parse().map_err(|e| format!("`{text}`: {e}"))
}
