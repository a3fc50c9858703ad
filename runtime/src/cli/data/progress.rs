//! How far reading a data set has come.

use indicatif::{ProgressBar, ProgressStyle};

/// Shown on a terminal only.
pub(in crate::cli) fn progress_bar(quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{bar:24} {pos}/{len} images  {eta} left") {
        Ok(style) => bar.with_style(style.progress_chars("━╸ ")),
        Err(_) => bar,
    }
}
