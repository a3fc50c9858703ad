//! Learning curves.

use super::history::{EpochLine, History};
use super::step_log::StepLine;
use crate::chart::{Chart, Line, Look, Panel};

/// The curves of a run: loss, accuracy, learning rate, and, if there is one, the gradient's norm.
pub(super) fn of_run(history: &History) -> Chart {
    let scale = Scale::of(history);
    let mut panels = vec![losses(history, &scale), accuracies(history, &scale)];
    panels.push(of_steps("Learning rate", history, &scale, Look::Plain, |line| Some(line.learning_rate)));
    if history.steps.iter().any(|line| line.gradient_norm.is_some()) {
        panels.push(of_steps("Norm of the gradient, before clipping", history, &scale, Look::Pale, |line| {
            line.gradient_norm
        }));
    }
    Chart { across: scale.words().to_owned(), range: (0.0, scale.end(history)), panels }
}

/// The curves of several runs over each other.
pub(super) fn of_runs(runs: &[(String, History)]) -> Chart {
    let panel = |title: &str, shown: &[f64], value: fn(&EpochLine) -> f64| {
        let lines = runs.iter().enumerate().map(|(colour, (name, history))| {
            let scale = Scale::of(history);
            let points = history.epochs.iter().map(|line| (scale.place(line.step), value(line)));
            Line { name: name.clone(), colour, look: Look::Dots, points: points.collect() }
        });
        Panel { title: title.to_owned(), shown: shown.to_vec(), lines: lines.collect() }
    };
    let held_out = runs.first().map_or("", |(_, history)| &history.held_out_name);
    let panels = vec![
        panel(&format!("Accuracy, {held_out} images, %"), &[], |line| 100.0 * line.held_out_accuracy),
        panel(&format!("Loss, {held_out} images"), &[0.0], |line| line.held_out_loss),
        panel("Loss, training images", &[0.0], |line| line.loss),
        panel("Learning rate after each epoch", &[0.0], |line| line.learning_rate),
    ];
    let end = runs.iter().map(|(_, history)| Scale::of(history).end(history)).fold(0.0, f64::max);
    Chart { across: "epochs".to_owned(), range: (0.0, end), panels }
}

/// Steps along the horizontal axis: as parts of epochs, as soon as the first one is done.
struct Scale {
    steps_per_epoch: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "runs have fewer than 2^52 steps")]
impl Scale {
    fn of(history: &History) -> Self {
        let first = history.epochs.first().filter(|line| line.epoch > 0 && line.step > 0);
        Self { steps_per_epoch: first.map(|line| line.step as f64 / line.epoch as f64) }
    }

    fn words(&self) -> &'static str {
        if self.steps_per_epoch.is_some() { "epochs" } else { "steps" }
    }

    fn place(&self, step: usize) -> f64 {
        step as f64 / self.steps_per_epoch.unwrap_or(1.0)
    }

    fn end(&self, history: &History) -> f64 {
        let epochs = history.epochs.iter().map(|line| line.step);
        let last = epochs.chain(history.steps.iter().map(|line| line.step)).max();
        self.place(last.unwrap_or(0))
    }
}

fn losses(history: &History, scale: &Scale) -> Panel {
    let of_steps = history.steps.iter().map(|line| (scale.place(line.step), line.loss));
    let mut lines = vec![Line { look: Look::Pale, points: of_steps.collect(), ..Line::default() }];
    for (index, head) in history.heads.iter().enumerate() {
        let name = if history.heads.len() == 1 { "train".to_owned() } else { format!("train {head}") };
        // The second colour is that of the held-out images.
        let colour = if index == 0 { 0 } else { index + 1 };
        let value = |line: &EpochLine| line.head_losses.get(index).copied().unwrap_or(f64::NAN);
        lines.push(of_epochs(history, scale, (&name, colour, Look::Dots), |loss| format!("{loss:.4}"), value));
    }
    let held_out = (&*history.held_out_name, 1, Look::Dashes);
    lines.push(of_epochs(history, scale, held_out, |loss| format!("{loss:.4}"), |line| line.held_out_loss));
    let title = if history.heads.len() > 1 {
        "Loss of each head; pale: weighted sum, single steps"
    } else {
        "Loss; pale: single steps"
    };
    Panel { title: title.to_owned(), shown: vec![0.0], lines }
}

fn accuracies(history: &History, scale: &Scale) -> Panel {
    let words = |share: f64| format!("{share:.2} %");
    let train = of_epochs(history, scale, ("train", 0, Look::Dots), words, |line| 100.0 * line.accuracy);
    let held_out = (&*history.held_out_name, 1, Look::Dashes);
    let held_out = of_epochs(history, scale, held_out, words, |line| 100.0 * line.held_out_accuracy);
    Panel { title: "Accuracy, %".to_owned(), shown: vec![100.0], lines: vec![train, held_out] }
}

fn of_epochs(
    history: &History,
    scale: &Scale,
    (name, colour, look): (&str, usize, Look),
    words: impl Fn(f64) -> String,
    value: impl Fn(&EpochLine) -> f64,
) -> Line {
    let points: Vec<(f64, f64)> = history.epochs.iter().map(|line| (scale.place(line.step), value(line))).collect();
    let last = points.last().map(|(_, value)| words(*value)).unwrap_or_default();
    Line { name: format!("{name} {last}"), colour, look, points }
}

fn of_steps(
    title: &str,
    history: &History,
    scale: &Scale,
    look: Look,
    value: impl Fn(&StepLine) -> Option<f64>,
) -> Panel {
    let points = history.steps.iter().filter_map(|line| Some((scale.place(line.step), value(line)?)));
    let line = Line { name: String::new(), colour: 3, look, points: points.collect() };
    Panel { title: title.to_owned(), shown: vec![0.0], lines: vec![line] }
}
