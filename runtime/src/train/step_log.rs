//! The log of steps of a run: a line of JSON for each step that is logged.

use super::StepResult;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A run has at most about this many lines.
const LINES: usize = 2000;

/// A line of `steps.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepLine {
    /// Steps done in the run, this one included: from 1.
    pub step: usize,
    /// From 1.
    pub epoch: usize,
    /// The learning rate that the step was made with.
    pub learning_rate: f64,
    /// How many images it learnt from.
    pub images: usize,
    /// The weighted sum of the heads' losses, a mean over these images.
    pub loss: f64,
    /// The loss of each head, by its name.
    pub losses: BTreeMap<String, f64>,
    /// The share of the step's images that were classified rightly, before it learnt from them.
    pub accuracy: f64,
    /// With clipping by norm, the Euclidean norm of the gradient before it was clipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
    /// When the step was done, in seconds since the beginning of 1970, UTC.
    pub time: f64,
}

/// Whether the step is logged: the first is, and then every `n`th, so that a run of so many steps has not too many lines.
pub(crate) fn is_logged(step: usize, steps: usize) -> bool {
    step == 1 || step.is_multiple_of(steps.div_ceil(LINES).max(1))
}

impl StepLine {
    /// What came of a step of a network with these heads, done at this time.
    pub(crate) fn new(result: &StepResult, heads: &[&str], time: f64) -> Self {
        let losses = heads.iter().zip(&result.head_losses).map(|(name, loss)| ((*name).to_owned(), *loss));
        #[expect(clippy::cast_precision_loss, reason = "batches are small")]
        let accuracy = result.correct / result.images as f64;
        Self {
            step: result.step,
            epoch: result.epoch,
            learning_rate: result.learning_rate,
            images: result.images,
            loss: result.loss,
            losses: losses.collect(),
            accuracy,
            gradient_norm: result.gradient_norm.filter(|norm| norm.is_finite()),
            time,
        }
    }
}

/// `steps.jsonl` of a run.
#[derive(Debug)]
pub(super) struct StepLog {
    path: PathBuf,
    file: File,
}

impl StepLog {
    /// Goes on after step `step`: what the file says of later steps is cut off, and so is a line that a kill broke off.
    pub(super) fn open(path: PathBuf, step: usize) -> Result<Self> {
        let open = || {
            let mut file = File::options().create(true).read(true).write(true).truncate(false).open(&path)?;
            let text = std::fs::read(&path)?;
            let kept = lines(&text).take_while(|(_, line)| line.step <= step).map(|(end, _)| end).last().unwrap_or(0);
            file.set_len(kept as u64)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = open().map_err(|e| Error::io("write", &path, &e))?;
        Ok(Self { path, file })
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: &StepLine) -> Result<()> {
        let text = serde_json::to_string(line).map_err(|e| Error::failed(e.to_string()))?;
        self.file.write_all(format!("{text}\n").as_bytes()).map_err(|e| Error::io("write", &self.path, &e))
    }
}

/// Reads a log. What a kill has left of a line at its end is left out.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> Result<Vec<StepLine>> {
    let text = std::fs::read(path).map_err(|e| Error::io("read", path, &e))?;
    Ok(lines(&text).map(|(_, line)| line).collect())
}

/// The lines up to the first that is none, each with the place of its end.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, StepLine)> {
    let ends = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    ends.scan(0, |end, line| {
        *end += line.len();
        Some((*end, serde_json::from_slice(line).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::{StepLine, StepLog, is_logged, read};
    use crate::train::StepResult;
    use std::io::Write;

    fn line(step: usize) -> StepLine {
        let head_losses = vec![1.5, 2.5];
        let (learning_rate, loss, gradient_norm) = (0.1, 2.25, Some(f64::INFINITY));
        let result = StepResult {
            step,
            epoch: 1,
            step_in_epoch: step,
            learning_rate,
            images: 8,
            correct: 2.0,
            loss,
            head_losses,
            gradient_norm,
        };
        StepLine::new(&result, &["main", "aux1"], 1_700_000_000.25)
    }

    #[test]
    fn a_line_has_names_and_numbers() {
        assert_eq!(
            serde_json::to_string(&line(7)).unwrap(),
            r#"{"step":7,"epoch":1,"learning_rate":0.1,"images":8,"loss":2.25,"losses":{"aux1":2.5,"main":1.5},"accuracy":0.25,"time":1700000000.25}"#
        );
    }

    #[test]
    fn a_run_has_some_thousand_lines_at_most() {
        let lines = |steps: usize| (1..=steps).filter(|step| is_logged(*step, steps)).count();
        assert_eq!([lines(1), lines(2000), lines(2001), lines(600_000)], [1, 2000, 1001, 2001]);
    }

    #[test]
    fn going_on_leaves_no_line_twice_and_none_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("steps.jsonl");
        let mut log = StepLog::open(path.clone(), 0).unwrap();
        for step in 1..=9 {
            log.add(&line(step)).unwrap();
        }
        log.file.write_all(br#"{"step":10,"epo"#).unwrap();
        // Killed here; the newest checkpoint is that of step 6.
        let mut log = StepLog::open(path.clone(), 6).unwrap();
        assert_eq!(read(&path).unwrap().len(), 6);
        for step in 7..=12 {
            log.add(&line(step)).unwrap();
        }
        let steps: Vec<usize> = read(&path).unwrap().iter().map(|line| line.step).collect();
        assert_eq!(steps, (1..=12).collect::<Vec<_>>());
        // A new run in the same folder.
        StepLog::open(path.clone(), 0).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }
}
