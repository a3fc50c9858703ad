//! What a person sees while a data set is downloaded, on standard error.

use crate::cli::say;
use crate::data::fetch::Event;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal for a bar.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A bar on a terminal, lines elsewhere, nothing if quiet.
pub(super) enum Progress {
    Quiet,
    Lines(Lines),
    Bar(ProgressBar),
}

/// What the lines are about.
pub(super) struct Lines {
    name: &'static str,
    bytes: u64,
    last: Instant,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        if quiet {
            Self::Quiet
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::hidden();
            let style = "{msg} {bar:24} {decimal_bytes}/{decimal_total_bytes}  {decimal_bytes_per_sec}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style.progress_chars("━╸ "));
            }
            Self::Bar(bar)
        } else {
            Self::Lines(Lines { name: "", bytes: 0, last: Instant::now() })
        }
    }

    pub(super) fn show(&mut self, event: &Event<'_>) {
        match event {
            Event::Start { file, url, have } => {
                let already =
                    if *have > 0 { format!(", of which {} are here", megabytes(*have)) } else { String::new() };
                self.line(&format!("{url}: {}{already}", megabytes(file.bytes)));
                self.begin(file.name, file.bytes, *have);
            }
            Event::Arrived { have } => self.advance(*have),
            Event::Again { url, reason, wait } => {
                self.line(&format!("{url}: {reason}; again in {:.0} s", wait.as_secs_f64()));
            }
            Event::Refused { url, reason } => self.line(&format!("{url}: {reason}")),
            Event::Verified { file } => {
                self.end();
                self.line(&format!("{}: the checksum is right", file.name));
            }
            Event::Unpacked { file, bytes: 0 } => self.line(&format!("{}: unpacking", file.name)),
            Event::Unpacked { .. } => {}
        }
    }

    /// Writes a line that stays.
    fn line(&self, text: &str) {
        match self {
            Self::Quiet => {}
            Self::Lines(_) => say(text),
            Self::Bar(bar) => bar.suspend(|| say(text)),
        }
    }

    fn begin(&mut self, name: &'static str, bytes: u64, have: u64) {
        match self {
            Self::Quiet => {}
            Self::Lines(lines) => *lines = Lines { name, bytes, last: Instant::now() },
            Self::Bar(bar) => {
                bar.reset();
                bar.set_message(name);
                bar.set_length(bytes);
                bar.set_position(have);
                bar.reset_eta();
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
        }
    }

    fn advance(&mut self, have: u64) {
        match self {
            Self::Lines(lines) if lines.last.elapsed() >= LINE_EVERY => {
                lines.last = Instant::now();
                say(format_args!("{}: {} of {}", lines.name, megabytes(have), megabytes(lines.bytes)));
            }
            Self::Quiet | Self::Lines(_) => {}
            Self::Bar(bar) => bar.set_position(have),
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
