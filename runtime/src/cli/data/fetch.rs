//! `data fetch`.

use crate::cli::print;
use crate::data::fetch::{CATALOGUE, DataSet};
use crate::error::Result;
use clap::Args;

/// Show the data sets that can be downloaded
#[derive(Args, Debug)]
pub(super) struct FetchArguments {
    /// List them, with their sizes and what their authors say about using them
    #[arg(long, required = true)]
    list: bool,
}

pub(super) fn run(arguments: &FetchArguments) -> Result<()> {
    if arguments.list {
        let lines: Vec<String> = CATALOGUE.iter().map(describe).collect();
        return print(lines.join("\n"));
    }
    Ok(())
}

fn describe(set: &DataSet) -> String {
    let megabytes = set.bytes().div_ceil(1_000_000);
    format!("{:<14}{megabytes:>4} MB  {}\n{:23}{}", set.name, set.summary, "", set.terms)
}
