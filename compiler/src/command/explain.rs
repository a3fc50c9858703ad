//! `googlenetc explain`.

use googlenetc::explain::{self, Explanation};

use super::print;

/// Explain a message: what its code means, with a spec that fails and one that is mended
///
/// Without a code, all codes are listed in a line each, and the lints with their names and levels.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The code of a message, such as `E0301`, or the name of a lint
    #[arg(value_name = "CODE", value_parser = explain::find)]
    code: Option<Explanation>,
}

/// Prints the explanation, or the list of all codes.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    print(&arguments.code.map_or_else(explain::list, |explanation| explanation.plain()))
}
