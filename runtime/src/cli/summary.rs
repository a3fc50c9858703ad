//! `summary`.

use super::arguments::SummaryArguments;
use super::{choose, new_network, print};
use crate::error::Result;
use crate::network::Network;
use crate::summary::summarise;
use tch::Kind;

pub(super) fn run<N: Network>(arguments: &SummaryArguments) -> Result<()> {
    let device = choose(arguments.device.choice)?;
    let new = new_network::<N>(0, Kind::Float).on(device)?;
    let size = arguments.input.unwrap_or(N::INPUT);
    let summary = summarise(&new.network, &new.store, arguments.batch, size, !arguments.inference)?;
    print(summary.to_string().trim_end())
}
