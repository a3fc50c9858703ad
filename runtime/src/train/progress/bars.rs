//! Two bars on a terminal.

use super::{Course, Standing, words};
use crate::evaluate::Measured;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// The epochs of the run above the steps of the epoch, or above the images of the evaluation.
#[derive(Debug)]
pub(super) struct Bars {
    both: MultiProgress,
    run: ProgressBar,
    epoch: ProgressBar,
}

impl Bars {
    pub(super) fn new(target: ProgressDrawTarget) -> Self {
        let both = MultiProgress::with_draw_target(target);
        let (run, epoch) = (both.add(ProgressBar::no_length()), both.add(ProgressBar::no_length()));
        Self { both, run, epoch }
    }

    pub(super) fn start(&mut self, course: &Course) {
        for bar in [&self.run, &self.epoch] {
            // What is too long for the terminal, as it is at that moment, is cut off at its end.
            if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:16} {wide_msg}") {
                bar.set_style(style.progress_chars("━╸ "));
            }
        }
        self.run.set_length(course.steps as u64);
        self.run.set_position(course.done as u64);
        let epoch = course.done.checked_div(course.steps_per_epoch).unwrap_or(0);
        self.run
            .set_prefix(words::column(course, &format!("epoch {}/{}", (epoch + 1).min(course.epochs), course.epochs)));
        let done = course.done - (epoch * course.steps_per_epoch).min(course.done);
        self.epoch.set_length(course.steps_per_epoch as u64);
        self.epoch.set_position(done as u64);
        self.epoch.set_prefix(words::column(course, &format!("step {done}/{}", course.steps_per_epoch)));
    }

    pub(super) fn step(&self, course: &Course, standing: &Standing) {
        let Standing { epoch, step_in_epoch, step, .. } = *standing;
        self.run.set_prefix(words::column(course, &format!("epoch {epoch}/{}", course.epochs)));
        self.run.set_message(words::run(standing));
        self.run.set_position(step as u64);
        self.epoch.set_prefix(words::column(course, &format!("step {step_in_epoch}/{}", course.steps_per_epoch)));
        self.epoch.set_message(words::learning(standing));
        self.epoch.set_length(course.steps_per_epoch as u64);
        self.epoch.set_position(step_in_epoch as u64);
    }

    pub(super) fn evaluating(&self, course: &Course, measured: &Measured, left: Option<Duration>) {
        self.epoch
            .set_prefix(words::column(course, &format!("{} {}/{}", course.held_out_name, measured.done, measured.of)));
        self.epoch.set_message(words::measured(measured, left));
        self.epoch.set_length(measured.of as u64);
        self.epoch.set_position(measured.done as u64);
    }

    /// A line above.
    pub(super) fn line(&self, line: &str) {
        // With standard error gone there is nobody left to tell.
        let _ = self.both.println(line);
    }

    pub(super) fn finish(&self) {
        self.epoch.finish_and_clear();
        self.run.finish_and_clear();
    }
}
