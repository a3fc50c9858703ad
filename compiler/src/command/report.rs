//! `googlenetc report`.

use std::str::FromStr;

use anstream::eprintln;
use clap::ValueEnum;
use googlenetc::against;
use googlenetc::report::{self, Depth, Setting, View};
use googlenetc::{Call, CheckedNetwork};

use super::{
    EXIT_CODES, Settings, USAGE, WRONG_SPEC, closing, compile_part, data, keys, print, style, with_network, words,
};

/// Print what is known about a network: shapes, parameters, multiply-adds, memory, receptive fields
///
/// The rows are those of the paper's Table 1, or with --depth the tree of blocks and layers. As many columns are shown as there
/// is room for; markdown, csv and json have all of them.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc report googlenet                          a row for each row of the paper's Table 1",
        "googlenetc report net.yaml --layers --batch 32       every layer, and the memory of 32 images",
        "googlenetc report net.yaml --format csv > net.csv    for a spreadsheet",
        "googlenetc report googlenet --style torchsummary     as Python would print it",
        "googlenetc report --explain                          what the columns mean",
    ],
    &[EXIT_CODES],
))]
pub(crate) struct Arguments {
    /// A file, `-` for standard input, or the name of an embedded network
    #[arg(required_unless_present = "explain", value_parser = words::spec(), hide_possible_values = true)]
    spec: Option<String>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Show the tree of blocks and layers down to this level (1: items of the trunk, and heads), or `all` of it [default: the
    /// rows of the paper's table, or `all` with --block]
    #[arg(long, value_name = "N|all", value_parser = depth)]
    depth: Option<Depth>,
    /// Show every layer: short for --depth all
    #[arg(long, conflicts_with = "depth")]
    layers: bool,
    /// Samples that run at once, for everything that is counted in bytes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = words::number(1_u64..=1 << 31))]
    batch: u64,
    /// What numbers are stored as, for everything that is counted in bytes
    #[arg(long, value_enum, default_value_t = Dtype::F32)]
    dtype: Dtype,
    /// Characters on a line [default: what COLUMNS says, or the terminal's, or 120]
    #[arg(long, value_name = "N", value_parser = words::number(1..=usize::MAX))]
    width: Option<usize>,
    /// Report one block alone, or a layer: `report googlenet --block inception --in 192x28x28 64 96 128 16 32 32`
    #[arg(long, value_name = "NAME", requires = "input_shape")]
    block: Option<String>,
    /// What goes into the block, channels x height x width, such as 192x28x28
    #[arg(long = "in", id = "input_shape", value_name = "CxHxW", requires = "block")]
    input_shape: Option<String>,
    /// With --block: the block's arguments, as a spec has them: `n1x1=64`, or `64`
    #[arg(value_name = "ARGUMENT", requires = "block")]
    values: Vec<String>,
    /// Also say which square inputs the network runs on with its parameters as they are, and which layers refuse others
    #[arg(long)]
    sizes: bool,
    /// Say what each column means, and stop
    #[arg(long, conflicts_with_all = ["format", "depth", "layers", "batch", "dtype", "width", "sizes", "block"])]
    explain: bool,
    /// List the variables instead, under the names that they have in other people's files and in the order of those: a key
    /// layout, by path or embedded name, such as `pytorch`
    #[arg(long, value_name = "LAYOUT", value_parser = words::embedded(googlenetc_specs::LAYOUTS), hide_possible_values = true,
        conflicts_with_all = ["explain", "depth", "layers", "batch", "dtype", "width", "sizes"])]
    layout: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// Compare with a published table instead, row by row: `szegedy2015`, or a file of the same form; for people or as JSON
    #[arg(long, value_name = "TABLE", value_parser = words::embedded(googlenetc_specs::PUBLISHED), hide_possible_values = true,
        conflicts_with_all = ["explain", "depth", "layers", "batch", "dtype", "width", "sizes", "block", "layout"])]
    against: Option<String>,
    #[command(flatten)]
    style: style::InStyle,
}

/// How data is written.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns
    Human,
    /// A table for documents
    Markdown,
    /// Raw numbers for spreadsheets
    Csv,
    /// Everything, for programs
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dtype {
    F64,
    F32,
    F16,
    Bf16,
}

/// Prints the report of a spec.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let Some(spec) = arguments.spec.as_deref().filter(|_| !arguments.explain) else {
        return print(&report::explain());
    };
    if let Some(table) = &arguments.against {
        return beside(spec, table, arguments);
    }
    match compile_part(spec, &arguments.settings, call(arguments)) {
        Err(code) => code,
        Ok(compilation) => compilation.network.as_ref().map_or(WRONG_SPEC, |network| show(arguments, spec, network)),
    }
}

fn show(arguments: &Arguments, spec: &str, network: &CheckedNetwork) -> u8 {
    let levels = if arguments.layers { Some(Depth::All) } else { arguments.depth };
    if let Some(code) = arguments.style.print(spec, network, levels, arguments.batch) {
        return code;
    }
    if let Some(layout) = &arguments.layout {
        return keys::print_keys(network, layout, arguments.format);
    }
    if arguments.sizes && matches!(arguments.format, Format::Markdown | Format::Csv) {
        return refuse("with `--sizes` the format is `human` or `json`");
    }
    let report = report::report_with(network, setting(arguments));
    let report = if arguments.sizes { report.with_sizes(network) } else { report };
    // The table would show a block alone as one row.
    let usual = if arguments.block.is_some() { Depth::All } else { Depth::Table };
    let depth = levels.unwrap_or(usual);
    let view = View { depth, width: None };
    print(&match arguments.format {
        Format::Human => report::human_with(&report, View { width: Some(width(arguments)), ..view }),
        Format::Markdown => report::markdown(&report, view),
        Format::Csv => report::csv(&report, view),
        Format::Json => report::json(&report),
    })
}

/// The block that is to be reported alone.
fn call(arguments: &Arguments) -> Option<Call> {
    let (block, input) = arguments.block.clone().zip(arguments.input_shape.clone())?;
    Some(Call { block, input, arguments: arguments.values.clone() })
}

fn setting(arguments: &Arguments) -> Setting {
    let element = match arguments.dtype {
        Dtype::F64 => report::Element::F64,
        Dtype::F32 => report::Element::F32,
        Dtype::F16 => report::Element::F16,
        Dtype::Bf16 => report::Element::Bf16,
    };
    Setting { batch: arguments.batch, element }
}

/// `2`, or `all`.
fn depth(text: &str) -> Result<Depth, String> {
    match (text, usize::from_str(text)) {
        ("all", _) => Ok(Depth::All),
        (_, Ok(level)) if level > 0 => Ok(Depth::Levels(level)),
        _ => Err("it takes a number from 1, or `all`".into()),
    }
}

/// How many characters fit on a line of standard output.
fn width(arguments: &Arguments) -> usize {
    let columns = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    arguments.width.or_else(columns).or_else(terminal).unwrap_or(120)
}

fn refuse(message: &str) -> u8 {
    eprintln!("error: {message}\n\nFor more information, try 'googlenetc help report'.");
    USAGE
}

/// Prints a network beside a published table.
fn beside(spec: &str, table: &str, arguments: &Arguments) -> u8 {
    let write = match arguments.format {
        Format::Human => against::human,
        Format::Json => against::json,
        Format::Markdown | Format::Csv => {
            return refuse("with `--against` the format is `human` or `json`");
        }
    };
    let published = match data(table, googlenetc_specs::PUBLISHED, against::read) {
        Err(code) => return code,
        Ok(published) => published,
    };
    with_network(spec, &arguments.settings, |_, network| print(&write(&against::against(network, &published))))
}
