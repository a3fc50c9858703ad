//! What README.md, docs/ and the pages of the examples show of a network's program happens, and nothing on them is held by no test.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod commands;
mod console;
mod fences;
#[path = "../../../../runtime/tests/fixtures/mod.rs"]
#[expect(dead_code, reason = "fixtures of other data sets")]
mod fixtures;
mod known;
mod place;
mod programs;
mod python;
mod texts;
mod walks;

use place::Place;

/// The network of the pages.
pub mod ten {
    googlenetc_runtime::include_network!("digits");
}

/// One after the other, as a reader would: README.md trains the run that all others name, and docs/evaluation.md a second one.
#[test]
fn what_the_pages_show_happens() {
    let place = Place::new();
    for page in fences::pages() {
        console::check(&place, &page);
    }
    commands::check(&place);
    programs::check(&place);
    walks::check(&place);
}
