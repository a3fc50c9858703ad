//! What a person sees while a network is trained, on standard error.

use super::{EpochResult, Sums};
use crate::network::Network;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::time::{Duration, Instant};

/// How often a line is written within an epoch where there is no terminal for a bar.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// The progress of a run: a bar on a terminal, lines elsewhere, nothing if quiet.
#[derive(Debug)]
pub struct Progress {
    display: Display,
    epochs: usize,
    steps: usize,
    held_out_name: &'static str,
    speed: Speed,
}

#[derive(Debug)]
enum Display {
    Quiet,
    Lines { last: Instant },
    Bar(ProgressBar),
}

/// Images per second, within an epoch.
#[derive(Debug)]
struct Speed {
    epoch: usize,
    begin: Instant,
    images_before: f64,
}

impl Progress {
    /// For standard error as it is.
    pub fn new(quiet: bool) -> Self {
        let display = if quiet {
            Display::Quiet
        } else if std::io::stderr().is_terminal() {
            Display::Bar(ProgressBar::new(0))
        } else {
            Display::Lines { last: Instant::now() }
        };
        let speed = Speed { epoch: 0, begin: Instant::now(), images_before: 0.0 };
        Self { display, epochs: 0, steps: 0, held_out_name: "", speed }
    }

    pub(super) fn start(&mut self, epochs: usize, steps: usize, held_out_name: &'static str) {
        (self.epochs, self.steps, self.held_out_name) = (epochs, steps, held_out_name);
        if let Display::Bar(bar) = &self.display {
            bar.set_length(steps as u64);
            if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len}  {msg}  {eta} left") {
                bar.set_style(style.progress_chars("━╸ "));
            }
            bar.set_prefix(format!("epoch 1/{epochs}"));
            bar.enable_steady_tick(Duration::from_millis(500));
        }
    }

    pub(super) fn step(&mut self, epoch: usize, step: usize, sums: &Sums) {
        let speed = self.speed.measure(epoch, sums.images);
        let (loss, accuracy) = (sums.loss / sums.images, 100.0 * sums.correct / sums.images);
        let text = format!("loss {loss:.4}  accuracy {accuracy:.1} %  {speed:.0} images/s");
        let (epochs, steps) = (self.epochs, self.steps);
        match &mut self.display {
            Display::Quiet => {}
            Display::Lines { last } => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    write_line(&format!("epoch {epoch}/{epochs}  step {step}/{steps}  {text}"));
                }
            }
            Display::Bar(bar) => {
                bar.set_prefix(format!("epoch {epoch}/{epochs}"));
                bar.set_message(text);
                bar.set_position(step as u64);
            }
        }
    }

    pub(super) fn epoch<N: Network>(&mut self, result: &EpochResult) {
        let line = self.describe::<N>(result);
        match &mut self.display {
            Display::Quiet => {}
            Display::Lines { last } => {
                *last = Instant::now();
                write_line(&line);
            }
            Display::Bar(bar) => bar.println(line),
        }
    }

    pub(super) fn finish(&self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
    }

    fn describe<N: Network>(&self, result: &EpochResult) -> String {
        let mut line = format!("epoch {}/{}  loss {:.4}", result.epoch, self.epochs, result.loss);
        if N::HEADS.len() > 1 {
            let heads: Vec<String> = N::HEADS
                .iter()
                .zip(&result.head_losses)
                .map(|(head, loss)| format!("{} {loss:.4}", head.name))
                .collect();
            // Writing into a string cannot fail.
            let _ = write!(line, " ({})", heads.join(", "));
        }
        let _ = write!(
            line,
            "  train {:.2} %  {} {:.2} %  {:.1} s",
            100.0 * result.accuracy,
            self.held_out_name,
            100.0 * result.held_out.accuracy(),
            result.seconds
        );
        line
    }
}

impl Speed {
    fn measure(&mut self, epoch: usize, images: f64) -> f64 {
        if self.epoch != epoch {
            // The first step of an epoch only starts the clock, so that the evaluation before it does not count.
            *self = Self { epoch, begin: Instant::now(), images_before: images };
        }
        let seconds = self.begin.elapsed().as_secs_f64();
        if images > self.images_before { (images - self.images_before) / seconds.max(1e-9) } else { 0.0 }
    }
}

fn write_line(line: &str) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}
