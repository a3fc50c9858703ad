//! How fast a run goes, and what it came to lately.

use super::{Course, Standing};
use crate::evaluate::Measured;
use crate::train::StepResult;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many steps losses, accuracies and speeds on the screen are means over: `average_loss` of Caffe's solver of GoogLeNet.
const WINDOW: usize = 40;

/// How often the program's memory is looked at.
const MEMORY_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Pace {
    window: VecDeque<Step>,
    /// When the newest step ended, or the epoch began.
    mark: Instant,
    /// Of all steps since the program began.
    training: Duration,
    steps: usize,
    evaluation: Evaluation,
    memory: Option<usize>,
    memory_seen: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    images: f64,
    correct: f64,
    loss: f64,
    seconds: f64,
}

/// The evaluation that runs, and how long the newest one took.
#[derive(Debug, Default)]
struct Evaluation {
    begin: Option<Instant>,
    before: Option<Duration>,
}

impl Pace {
    /// An epoch begins.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            window: VecDeque::new(),
            mark: now,
            training: Duration::ZERO,
            steps: 0,
            evaluation: Evaluation::default(),
            memory: None,
            memory_seen: None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "batches are small")]
    pub(super) fn step(&mut self, now: Instant, result: &StepResult) {
        let taken = now.duration_since(self.mark);
        self.mark = now;
        self.training += taken;
        self.steps += 1;
        if self.window.len() == WINDOW {
            self.window.pop_front();
        }
        self.window.push_back(Step {
            images: result.images as f64,
            correct: result.correct,
            loss: result.loss * result.images as f64,
            seconds: taken.as_secs_f64(),
        });
        if self.memory_seen.is_none_or(|seen| now.duration_since(seen) >= MEMORY_EVERY) {
            self.memory_seen = Some(now);
            self.memory = memory_stats::memory_stats().map(|stats| stats.physical_mem);
        }
    }

    /// An evaluation runs; it began when the newest step ended.
    pub(super) fn evaluating(&mut self) {
        self.evaluation.begin.get_or_insert(self.mark);
    }

    /// An epoch ends, and with it the evaluation.
    pub(super) fn epoch(&mut self, now: Instant) {
        if let Some(begin) = self.evaluation.begin.take() {
            self.evaluation.before = Some(now.duration_since(begin));
        }
        self.mark = now;
    }

    /// How long the evaluation goes on.
    pub(super) fn evaluation_left(&self, now: Instant, measured: &Measured) -> Option<Duration> {
        let taken = now.duration_since(self.evaluation.begin?);
        times(taken, ratio(measured.of.saturating_sub(measured.done), measured.done)?)
    }

    /// How long the run goes on after `result`.
    fn run_left(&self, course: &Course, result: &StepResult) -> Option<Duration> {
        let steps = course.steps.saturating_sub(result.step);
        let evaluations = (course.epochs + 1).saturating_sub(result.epoch);
        let evaluating = times(self.evaluation.before.unwrap_or_default(), ratio(evaluations, 1)?)?;
        self.training_left(steps)?.checked_add(evaluating)
    }

    fn training_left(&self, steps: usize) -> Option<Duration> {
        times(self.training, ratio(steps, self.steps)?)
    }

    pub(super) fn standing(&self, course: &Course, result: &StepResult) -> Standing {
        let sum = |value: fn(&Step) -> f64| self.window.iter().map(value).sum::<f64>();
        let (images, seconds) = (sum(|step| step.images), sum(|step| step.seconds));
        let in_epoch = course.steps_per_epoch.saturating_sub(result.step_in_epoch);
        let in_run = course.steps.saturating_sub(result.step);
        Standing {
            epoch: result.epoch,
            step_in_epoch: result.step_in_epoch,
            step: result.step,
            learning_rate: result.learning_rate,
            loss: sum(|step| step.loss) / images,
            accuracy: sum(|step| step.correct) / images,
            gradient_norm: result.gradient_norm,
            images_per_second: (seconds > 0.0).then(|| images / seconds),
            epoch_left: self.training_left(in_epoch.min(in_run)),
            run_left: self.run_left(course, result),
            memory: self.memory,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
fn ratio(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn times(duration: Duration, factor: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).ok()
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use crate::evaluate::{Evaluation, Measured};
    use crate::train::StepResult;
    use crate::train::progress::Course;
    use std::time::{Duration, Instant};

    fn step(step: usize, loss: f64) -> StepResult {
        StepResult {
            step,
            epoch: step.div_ceil(100),
            step_in_epoch: (step - 1) % 100 + 1,
            learning_rate: 0.1,
            images: 8,
            correct: 4.0,
            loss,
            head_losses: vec![loss],
            gradient_norm: None,
        }
    }

    #[test]
    fn means_are_over_forty_steps_and_times_over_all() {
        let course = Course { epochs: 3, steps_per_epoch: 100, steps: 300, ..Course::default() };
        let begin = Instant::now();
        let mut pace = Pace::new(begin);
        let at = |seconds: u64| begin + Duration::from_secs(seconds);
        // Two seconds a step: 60 with loss 1, 40 with loss 3.
        for n in 1..=100_u64 {
            pace.step(at(2 * n), &step(usize::try_from(n).unwrap(), if n <= 60 { 1.0 } else { 3.0 }));
        }
        let standing = pace.standing(&course, &step(100, 3.0));
        assert!((standing.loss - 3.0).abs() < 1e-12 && (standing.accuracy - 0.5).abs() < 1e-12, "{standing:?}");
        assert!((standing.images_per_second.unwrap() - 4.0).abs() < 1e-12, "{standing:?}");
        assert_eq!(standing.epoch_left, Some(Duration::ZERO));
        // 200 steps; how long an evaluation takes is not known yet.
        assert_eq!(standing.run_left, Some(Duration::from_secs(400)));

        let batch = Evaluation { images: 10, loss: 1.0, top1_error: 0.5, top5_error: 0.1 };
        let measured = Measured { done: 30, of: 120, step: 3, steps: 12, batch, so_far: batch };
        pace.evaluating();
        assert_eq!(pace.evaluation_left(at(205), &measured), Some(Duration::from_secs(15)));
        pace.epoch(at(220));
        pace.step(at(222), &step(101, 3.0));
        let standing = pace.standing(&course, &step(101, 3.0));
        assert_eq!(standing.epoch_left, Some(Duration::from_secs(198)));
        // 199 steps and two evaluations of 20 s.
        assert_eq!(standing.run_left, Some(Duration::from_secs(438)));
    }
}
