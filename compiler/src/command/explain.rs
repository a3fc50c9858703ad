//! `googlenetc explain`.

use googlenetc::explain::{self, Explanation};

use super::{closing, print, words};

/// Explain a message: what its code means, with a spec that fails and one that is mended
///
/// Without a code, all codes are listed in a line each, and the lints with their names and levels.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc explain               list all codes and lints",
        "googlenetc explain E0301         explain a message",
        "googlenetc explain kernel-name   explain a lint",
    ],
    &["Exit codes: 0 fine, 2 wrong usage, 3 output failed."],
))]
pub(crate) struct Arguments {
    /// The code of a message, such as `E0301`, or the name of a lint
    #[arg(value_name = "CODE", value_parser = words::completed(explain::find, known()), hide_possible_values = true)]
    code: Option<Explanation>,
}

/// Every code, and the names of all lints.
fn known() -> impl Iterator<Item = &'static str> {
    explain::all()
        .flat_map(|explanation| std::iter::once(explanation.code.code).chain(explanation.lint.map(|lint| lint.name)))
}

/// Prints the explanation, or the list of all codes.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    print(&arguments.code.map_or_else(explain::list, |explanation| explanation.plain()))
}
