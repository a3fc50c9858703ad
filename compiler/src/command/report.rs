//! `googlenetc report`.

use clap::ValueEnum;
use googlenetc::report;

use super::{print, with_network};

/// Print a network as the table of the paper: shapes, parameters, multiply-adds
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A file, `-` for standard input, or the name of an embedded network
    spec: String,
    /// Aligned columns for people, or everything for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Prints the report of a spec.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    with_network(&arguments.spec, |_, network| {
        let report = report::report(network);
        print(&match arguments.format {
            Format::Human => report::human(&report),
            Format::Json => report::json(&report),
        })
    })
}
