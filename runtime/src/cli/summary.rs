//! `summary`.

use super::arguments::{DeviceArguments, input_size};
use super::{choose, new_network, print};
use crate::error::Result;
use crate::network::Network;
use crate::summary::{Style, summarise};
use clap::Args;
use tch::Kind;

/// Run the network once, on zeros, and show every named output with its shape, and every variable
#[derive(Args, Debug)]
pub(super) struct SummaryArguments {
    /// What to show
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    style: Style,
    /// Channels, height and width to run on [default: what the spec declares]
    #[arg(long, value_name = "CxHxW", value_parser = input_size)]
    input: Option<[i64; 3]>,
    /// How many images to run on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=65536))]
    batch: i64,
    /// Leave out what runs in training only
    #[arg(long)]
    inference: bool,
    #[command(flatten)]
    device: DeviceArguments,
}

pub(super) fn run<N: Network>(arguments: &SummaryArguments) -> Result<()> {
    let device = choose(arguments.device.choice)?;
    let new = new_network::<N>(0, Kind::Float).on(device)?;
    let size = arguments.input.unwrap_or(N::INPUT);
    let summary = summarise(&new.network, &new.store, arguments.batch, size, !arguments.inference)?;
    print(summary.text(arguments.style).trim_end())
}
