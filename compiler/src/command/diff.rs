//! `googlenetc diff`.

use std::path::Path;

use clap::ValueEnum;
use googlenetc::{CheckedNetwork, Compilation, diff};

use super::{FINE, Settings, WRONG_SPEC, closing, compile, print, words};

/// Show what networks do differently: layers, their numbers, where they stand, when heads run
///
/// Compares what the networks do, not how the specs say it: names and grouping do not count. Layers that only one of them
/// has, kernels, channels, padding and rounding, biases, norms, activations, dropout, initial values, heads, and what all
/// that means for outputs and costs. With more than two specs, all are compared with the first, and `=` stands for the
/// same as in the first.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc diff googlenet net.yaml                compare a spec with an embedded network",
        "googlenetc diff googlenet googlenet-caffe googlenet-torchvision",
    ],
    &[
        "Exit codes, as diff has them: 0 no difference, 1 the networks differ, or a spec is wrong, which messages say; \
         2 wrong usage, 3 input or output failed.",
    ],
))]
pub(crate) struct Arguments {
    /// The spec that the others are compared with: a file, `-` for standard input, or the name of an embedded network
    #[arg(value_parser = words::spec(), hide_possible_values = true)]
    spec: String,
    /// The specs to compare with it
    #[arg(required = true, value_name = "OTHER", value_parser = words::spec(), hide_possible_values = true)]
    others: Vec<String>,
    /// How the differences are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Aligned columns
    Human,
    /// Tables for documents
    Markdown,
    /// Everything, for programs
    Json,
}

/// The networks differ.
const DIFFERENT: u8 = 1;

/// Prints what differs.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let mut compilations: Vec<(String, Compilation)> = Vec::new();
    for spec in std::iter::once(&arguments.spec).chain(&arguments.others) {
        match compile(spec, &arguments.settings) {
            Err(code) => return code,
            Ok(compilation) => compilations.push((name(spec), compilation)),
        }
    }
    let networks: Vec<(&str, &CheckedNetwork)> =
        compilations.iter().filter_map(|(name, found)| Some((name.as_str(), found.network.as_ref()?))).collect();
    let Some((first, others)) = networks.split_first().filter(|_| networks.len() == compilations.len()) else {
        return WRONG_SPEC;
    };
    let found = diff::diff(*first, others);
    let printed = print(&match arguments.format {
        Format::Human => diff::human(&found),
        Format::Markdown => diff::markdown(&found),
        Format::Json => diff::json(&found),
    });
    match printed {
        FINE if !found.is_empty() => DIFFERENT,
        code => code,
    }
}

/// `googlenet` for `specs/googlenet.yaml`.
fn name(spec: &str) -> String {
    Path::new(spec).file_stem().map_or_else(|| spec.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
