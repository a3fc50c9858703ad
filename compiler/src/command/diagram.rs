//! `googlenetc diagram`.

use std::path::{Path, PathBuf};

use anstream::eprintln;
use clap::ValueEnum;
use googlenetc::diagram::{self, View};

use super::{EXIT_CODES, Settings, USAGE, closing, print, with_network, words, write};

/// Draw a network: blocks as clusters, shapes on the edges, heads beside the trunk
///
/// The SVG needs no other program: it fits on a sheet of A4 where the network allows, follows the reader's light or dark colours, and
/// says everything about a layer where the pointer rests on it. Copies of a block that follow one another are drawn once, with
/// their number.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc diagram googlenet -o googlenet.svg      draw a picture",
        "googlenetc diagram net.yaml -o net.mmd --depth 1   write the items of the trunk as Mermaid",
        "googlenetc diagram net.yaml --format dot | dot -Tpdf > net.pdf",
    ],
    &[EXIT_CODES],
))]
pub(crate) struct Arguments {
    /// A file, `-` for standard input, or the name of an embedded network
    #[arg(value_parser = words::spec(), hide_possible_values = true)]
    spec: String,
    /// What to write [default: by the ending of FILE (.svg, .dot or .gv, .mmd or .mermaid), or else svg]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write; `-` for standard output. It is only touched when its bytes change
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Draw parts at this level as boxes without opening them (1: items of the trunk, and heads) [default: open everything]
    #[arg(long, value_name = "N", value_parser = words::number(1..=u16::MAX))]
    depth: Option<u16>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A finished picture
    Svg,
    /// Text for Graphviz
    Dot,
    /// Text for Mermaid, which GitHub draws
    Mermaid,
}

/// Draws a spec.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let Some(format) = arguments.format.or_else(|| by_ending(&arguments.output)) else {
        eprintln!(
            "error: what `{}` would be is not drawn: endings are .svg, .dot or .gv, .mmd or .mermaid, and --format says it for others; \
             Graphviz makes more of .dot, for instance `dot -Tpng`",
            arguments.output.display()
        );
        return USAGE;
    };
    with_network(&arguments.spec, &arguments.settings, |_, network| {
        let view = View { depth: arguments.depth.map(usize::from) };
        let text = match format {
            Format::Svg => diagram::svg(network, view),
            Format::Dot => diagram::dot(network, view),
            Format::Mermaid => diagram::mermaid(network, view),
        };
        if arguments.output.as_os_str() == "-" { print(&text) } else { write(&arguments.output, &text) }
    })
}

/// None for an ending that something else has.
fn by_ending(file: &Path) -> Option<Format> {
    match file.extension().map(|ending| ending.to_str()) {
        None | Some(Some("svg")) => Some(Format::Svg),
        Some(Some("dot" | "gv")) => Some(Format::Dot),
        Some(Some("mmd" | "mermaid")) => Some(Format::Mermaid),
        Some(_) => None,
    }
}
