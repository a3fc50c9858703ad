//! `data`: what one does with data sets before there are any weights. Nothing here computes with libtorch.

mod check;
#[cfg(feature = "fetch")]
mod fetch;
pub(super) mod progress;
mod show;
mod stats;

use crate::error::Result;
use crate::network::Network;
use clap::{Args, Subcommand};

/// Look at data sets, and get them
#[derive(Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct DataArguments {
    #[command(subcommand)]
    command: DataCommand,
}

#[derive(Debug, Subcommand)]
enum DataCommand {
    Check(check::CheckArguments),
    Stats(stats::StatsArguments),
    Show(show::ShowArguments),
    #[cfg(feature = "fetch")]
    Fetch(fetch::FetchArguments),
}

pub(super) fn run<N: Network>(arguments: &DataArguments) -> Result<()> {
    match &arguments.command {
        DataCommand::Check(arguments) => check::run(arguments),
        DataCommand::Stats(arguments) => stats::run::<N>(arguments),
        DataCommand::Show(arguments) => show::run::<N>(arguments),
        #[cfg(feature = "fetch")]
        DataCommand::Fetch(arguments) => fetch::run(arguments),
    }
}
