//! `googlenetc build`.

use std::path::PathBuf;

use googlenetc::rust;

use super::{Settings, print, with_network, write};

/// Generate the Rust module of a network
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A file, `-` for standard input, or the name of an embedded network
    spec: String,
    /// The file to write; `-` for standard output. It is only touched when its bytes change
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

/// Writes the module of a spec.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let file = &arguments.output;
    with_network(&arguments.spec, &arguments.settings, |compilation, network| {
        let code = rust::rust(network, &compilation.sources, compilation.main);
        if file.as_os_str() == "-" { print(&code) } else { write(file, &code) }
    })
}
