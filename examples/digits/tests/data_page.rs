//! Every command that docs/data.md shows prints what the page says.

use std::path::Path;

#[test]
fn commands_print_what_the_page_shows() {
    // Commands name files from the root of the repository, as a reader would.
    std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).expect("the repository has a root");
    trycmd::TestCases::new().case("docs/data.md");
}
