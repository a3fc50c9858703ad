//! `googlenetc schema`.

use googlenetc::schema;

use super::{closing, print};

/// Print the JSON Schema of the YAML form, for editors
///
/// An editor that knows the schema completes keys, explains them, and marks what is misspelt. Write it to a file, and
/// name that file in the first line of a spec: `# yaml-language-server: $schema=googlenetc.schema.json`.
#[derive(clap::Args)]
#[command(after_help = closing(
    &["googlenetc schema > googlenetc.schema.json"],
    &["Exit codes: 0 fine, 2 wrong usage, 3 output failed."],
))]
pub(crate) struct Arguments {}

/// Prints the schema.
pub(crate) fn run(_: &Arguments) -> u8 {
    print(&schema::schema())
}
