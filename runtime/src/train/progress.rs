//! What a person sees while a network is trained, on standard error.

mod bars;
mod lines;
mod log;
mod pace;
mod source;
mod words;

#[cfg(test)]
mod tests;

use super::{EpochResult, StepResult};
use crate::error::Result;
use crate::evaluate::Measured;
use bars::Bars;
use clap::ValueEnum;
use indicatif::ProgressDrawTarget;
use lines::Lines;
use log::Log;
use pace::Pace;
use std::path::Path;
use std::time::{Duration, Instant};

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Display {
    /// Two bars on a terminal, epochs of the run and steps of the epoch; lines elsewhere
    #[default]
    #[value(alias = "bar")]
    Auto,
    /// A line after each epoch, and every half minute within
    Lines,
    /// The lines that the program of the fashion-mnist network prints: one for every step
    Source,
    /// Nothing but warnings
    None,
}

/// The progress of a run.
#[derive(Debug)]
pub struct Progress {
    view: View,
    course: Course,
    pace: Pace,
    log: Option<Log>,
    /// What was said before there was a log.
    unlogged: Vec<String>,
}

#[derive(Debug)]
enum View {
    None,
    Bars(Bars),
    Lines(Lines),
    Source,
}

/// How long a run is, and what things in it are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Course {
    /// Epochs in all.
    pub(crate) epochs: usize,
    /// Steps in a whole epoch.
    pub(crate) steps_per_epoch: usize,
    /// Steps in all, which may end within an epoch.
    pub(crate) steps: usize,
    /// Steps that were done before, if an earlier run is resumed.
    pub(crate) done: usize,
    /// The names of the heads.
    pub(crate) heads: Vec<&'static str>,
    /// What the held-out images are called.
    pub(crate) held_out_name: &'static str,
}

/// Where a run stands, as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Standing {
    epoch: usize,
    /// Steps done in the epoch, and in the run.
    step_in_epoch: usize,
    step: usize,
    learning_rate: f64,
    loss: f64,
    accuracy: f64,
    gradient_norm: Option<f64>,
    images_per_second: Option<f64>,
    epoch_left: Option<Duration>,
    run_left: Option<Duration>,
    /// Bytes of memory that the program holds.
    memory: Option<usize>,
}

impl Progress {
    /// For standard error as it is.
    pub fn new(display: Display) -> Self {
        let target = ProgressDrawTarget::stderr();
        let view = match display {
            Display::None => View::None,
            Display::Source => View::Source,
            // A terminal that cannot move its cursor counts as none.
            Display::Auto if !target.is_hidden() => View::Bars(Bars::new(target)),
            Display::Auto | Display::Lines => View::Lines(Lines::new(Instant::now())),
        };
        Self { view, course: Course::default(), pace: Pace::new(Instant::now()), log: None, unlogged: Vec::new() }
    }

    /// Adds every line that stays on the screen to a file too, with the time, whatever is shown; those from before now as well.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(crate) fn log_to(&mut self, path: &Path) -> Result<()> {
        let log = self.log.insert(Log::append(path)?);
        for line in self.unlogged.drain(..) {
            log.line(&line);
        }
        Ok(())
    }

    /// Begins a run, or goes on in the middle of one.
    pub(crate) fn start(&mut self, course: Course) {
        self.pace = Pace::new(Instant::now());
        if let View::Bars(bars) = &mut self.view {
            bars.start(&course);
        }
        self.course = course;
    }

    /// A step was made.
    pub(crate) fn step(&mut self, result: &StepResult) {
        let now = Instant::now();
        self.pace.step(now, result);
        let standing = || self.pace.standing(&self.course, result);
        match &mut self.view {
            View::None => {}
            View::Bars(bars) => bars.step(&self.course, &standing()),
            View::Lines(lines) => {
                if lines.is_due(now) {
                    write_line(&words::step(&self.course, &standing()));
                }
            }
            View::Source => write_line(&source::step(&self.course, result)),
        }
    }

    /// Some of the held-out images were measured on, after an epoch.
    pub(crate) fn evaluating(&mut self, epoch: usize, measured: &Measured) {
        let now = Instant::now();
        self.pace.evaluating();
        let left = self.pace.evaluation_left(now, measured);
        match &mut self.view {
            View::None => {}
            View::Bars(bars) => bars.evaluating(&self.course, measured, left),
            View::Lines(lines) => {
                if lines.is_due(now) {
                    write_line(&words::evaluating(&self.course, epoch, measured, left));
                }
            }
            View::Source => write_line(&source::evaluating(&self.course, epoch, measured)),
        }
    }

    /// An epoch and the evaluation after it are done.
    pub(crate) fn epoch(&mut self, result: &EpochResult) {
        let now = Instant::now();
        self.pace.epoch(now);
        let line = match &self.view {
            View::Source => source::epoch(&self.course, result),
            View::None | View::Bars(_) | View::Lines(_) => words::epoch(&self.course, result),
        };
        if let View::Lines(lines) = &mut self.view {
            lines.postpone(now);
        }
        match &self.view {
            View::None => {}
            View::Bars(bars) => bars.line(&line),
            View::Lines(_) | View::Source => write_line(&line),
        }
        self.log(&line);
    }

    /// Writes a line that stays, above the bars if there are any. It is for warnings too, so it is written in any case.
    pub(crate) fn message(&mut self, line: &str) {
        match &self.view {
            View::Bars(bars) => bars.line(line),
            View::None | View::Lines(_) | View::Source => write_line(line),
        }
        self.log(line);
    }

    /// Takes the bars away.
    pub(crate) fn finish(&mut self) {
        if let View::Bars(bars) = &self.view {
            bars.finish();
        }
    }

    /// Adds a line to the file only.
    pub(crate) fn log(&mut self, line: &str) {
        match &mut self.log {
            Some(log) => log.line(line),
            None => self.unlogged.push(line.to_owned()),
        }
    }
}

fn write_line(line: &str) {
    use std::io::Write;
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}
