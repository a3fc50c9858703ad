//! `runs`: what to do with the folders of runs.

use super::print;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::train::{Comparison, report};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Look at the folders of runs
#[derive(Args, Debug)]
pub(super) struct RunsArguments {
    #[command(subcommand)]
    command: RunsCommand,
}

#[derive(Debug, Subcommand)]
enum RunsCommand {
    Compare(CompareArguments),
    Report(ReportArguments),
}

/// Lay runs side by side: what their recipes differ in, and what came of them
#[derive(Args, Debug)]
struct CompareArguments {
    /// Folders of runs
    #[arg(required = true, num_args = 2.., value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Write a page that also shows their learning curves over each other
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Draw the learning curves and the page of a run anew, from the tables in its folder
#[derive(Args, Debug)]
struct ReportArguments {
    /// Folder of a run
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &RunsArguments) -> Result<()> {
    match &arguments.command {
        RunsCommand::Compare(arguments) => compare(arguments),
        RunsCommand::Report(arguments) => report::write(&arguments.folder),
    }
}

fn compare(arguments: &CompareArguments) -> Result<()> {
    let comparison = Comparison::read(&arguments.folders)?;
    if let Some(path) = &arguments.html {
        write_whole(path, comparison.page().as_bytes()).map_err(|e| Error::io("write", path, &e))?;
    }
    print(comparison.text())
}
