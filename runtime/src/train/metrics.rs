//! The table of a run, one line per epoch.

use super::{Course, EpochResult};
use crate::error::{Error, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// `metrics.csv` of a run.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    file: std::fs::File,
}

impl File {
    /// Begins the table with the names of its columns, and with the epochs that are done.
    pub(super) fn create(folder: &Path, course: &Course, done: &[EpochResult]) -> Result<Self> {
        let path = folder.join("metrics.csv");
        let file = std::fs::File::create(&path).map_err(|e| Error::io("write", &path, &e))?;
        let mut metrics = Self { path, file };
        let mut columns = ["epoch", "step", "learning_rate", "train_loss"].map(str::to_owned).to_vec();
        columns.extend(course.heads.iter().map(|head| format!("train_loss_{head}")));
        columns.push("train_accuracy".to_owned());
        columns.extend(["loss", "accuracy", "top5_error"].map(|what| format!("{}_{what}", course.held_out_name)));
        columns.push("seconds".to_owned());
        metrics.line(&columns)?;
        done.iter().try_for_each(|result| metrics.add(result))?;
        Ok(metrics)
    }

    /// Adds the line of an epoch.
    pub(super) fn add(&mut self, result: &EpochResult) -> Result<()> {
        let EpochResult { epoch, step, learning_rate, loss, head_losses, accuracy, held_out, seconds } = result;
        let mut columns = vec![epoch.to_string(), step.to_string(), format!("{learning_rate:e}"), format!("{loss:.6}")];
        columns.extend(head_losses.iter().map(|loss| format!("{loss:.6}")));
        let measured = [*accuracy, held_out.loss, held_out.accuracy(), held_out.top5_error];
        columns.extend(measured.map(|value| format!("{value:.6}")));
        columns.push(format!("{seconds:.2}"));
        self.line(&columns)
    }

    fn line(&mut self, columns: &[String]) -> Result<()> {
        writeln!(self.file, "{}", columns.join(",")).map_err(|e| Error::io("write", &self.path, &e))
    }
}
