//! `data check`.

use super::progress::progress_bar;
use crate::cli::print;
use crate::cli::source::SourceArguments;
use crate::data::check::check;
use crate::data::{Location, default_workers};
use crate::error::{Error, Result};
use clap::Args;
use std::path::PathBuf;

/// Say what is in a data set: classes, counts, sizes, formats, and what is wrong with it
///
/// The exit code is 1 if anything is wrong. Without --decode, only the beginnings of image files are looked at, which tells formats
/// and sizes, but not whether a file is damaged or ends too early.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Folder of the data set, as `train --data` takes it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    source: SourceArguments,
    /// Decode every image, as training does
    #[arg(long)]
    decode: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(arguments: &CheckArguments) -> Result<()> {
    let location = Location::find(&arguments.folder, &arguments.source.options())?;
    let bar = progress_bar(arguments.quiet);
    let report = check(&location, arguments.decode, default_workers(), |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if arguments.json {
        let json = serde_json::to_string_pretty(&report);
        print(json.map_err(|e| Error::failed(format!("the report cannot be written as JSON: {e}")))?)?;
    } else {
        print(&report)?;
    }
    if report.is_fine() {
        Ok(())
    } else {
        Err(Error::failed(format!("`{}` has problems", location.folder().display())))
    }
}
