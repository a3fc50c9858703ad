//! What a run writes while it goes: tables, events, pictures, a page.

use super::events::Events;
use super::step_log::{StepLine, StepLog, is_logged};
use super::{Course, EpochResult, StepResult, metrics, report};
use crate::confusion_table;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::metrics::Confusion;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How much time lies at least between two drawings of pictures and page, and before the first.
const DRAW_EVERY: Duration = Duration::from_secs(10);

/// Which classes were taken for which after the newest epoch.
pub(super) const CONFUSION: &str = "confusion.csv";

/// The files that grow with a run.
pub(super) struct Record {
    folder: PathBuf,
    course: Course,
    steps: StepLog,
    events: Events,
    metrics: metrics::File,
    drawn: Instant,
}

impl Record {
    /// Begins the files, or goes on with those of a resumed run: they are cut back to what had been written when `course.done` steps were done,
    /// and `results` are the epochs up to there.
    pub(super) fn open(folder: &Path, course: &Course, results: &[EpochResult]) -> Result<Self> {
        if course.done < course.steps {
            // It can be of an epoch that the checkpoint lies before.
            remove(&folder.join(CONFUSION))?;
        }
        let epoch_end = results.last().map_or(0, |result| result.step);
        Ok(Self {
            steps: StepLog::open(folder.join("steps.jsonl"), course.done)?,
            events: Events::open(folder, course.done, epoch_end, now())?,
            metrics: metrics::File::create(folder, course, results)?,
            folder: folder.to_owned(),
            course: course.clone(),
            drawn: Instant::now(),
        })
    }

    /// A step was made.
    pub(super) fn step(&mut self, result: &StepResult) -> Result<()> {
        if !is_logged(result.step, self.course.steps) {
            return Ok(());
        }
        self.steps.add(&StepLine::new(result, &self.course.heads, now()))?;
        self.events.step(result, &self.course.heads, now())
    }

    /// An epoch and the evaluation after it are done.
    pub(super) fn epoch(&mut self, result: &EpochResult, confusion: &Confusion, class_names: &[String]) -> Result<()> {
        self.metrics.add(result)?;
        let name = |class: usize| class_names.get(class).cloned().unwrap_or_else(|| class.to_string());
        let (path, mut table) = (self.folder.join(CONFUSION), Vec::new());
        let written = confusion_table::write(&mut table, confusion, &name).map_err(Into::into);
        written.and_then(|()| write_whole(&path, &table)).map_err(|e| Error::io("write", &path, &e))?;
        self.events.epoch(result, self.course.held_out_name, now())
    }

    /// Draws curves and page anew, unless that was done a moment ago.
    pub(super) fn draw_now_and_then(&mut self) -> Result<()> {
        if self.drawn.elapsed() < DRAW_EVERY { Ok(()) } else { self.draw() }
    }

    /// Draws curves and page anew.
    pub(super) fn draw(&mut self) -> Result<()> {
        self.drawn = Instant::now();
        report::write(&self.folder)
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path, &e)),
        _ => Ok(()),
    }
}

/// Seconds since the beginning of 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
