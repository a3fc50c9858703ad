//! The options that say how images are made ready, and decoded images that are kept.

use super::data::progress::progress_bar;
use crate::data::{Cache, Source, cached, default_workers};
use crate::error::Result;
use clap::Args;
use std::sync::Arc;

/// How images are made ready. Nothing of it changes the result.
#[derive(Args, Clone, Debug)]
pub(super) struct LoadingArguments {
    /// Threads that prepare images; they do not change the result. With 0 the thread that computes prepares them as well
    /// [default: one for each processor, at most 16]
    #[arg(long, value_name = "N")]
    pub(super) workers: Option<usize>,
    /// Keep decoded images for later epochs and runs: in this folder, or, if it is the word memory, in memory; they need as many
    /// bytes as pixels times channels
    #[arg(long, value_name = "DIR")]
    cache: Option<Cache>,
}

impl LoadingArguments {
    pub(super) fn workers(&self) -> usize {
        self.workers.unwrap_or_else(default_workers)
    }

    /// The images, kept as is asked for.
    pub(super) fn keep(&self, source: Arc<dyn Source>, quiet: bool) -> Result<Arc<dyn Source>> {
        let Some(cache) = &self.cache else { return Ok(source) };
        let bar = progress_bar(quiet);
        let kept = cached(&source, cache, self.workers(), &mut |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        kept
    }
}
