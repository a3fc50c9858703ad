//! Blocks that are `console digits`: what the program prints is what the page shows.
//!
//! They are run by trycmd, from a copy of the page that has nothing else. In those that are `trained` all numbers may be others, and
//! training and evaluating go through a few images, so that minutes become seconds.

use crate::fences::text;
use crate::place::{DATA, DIGITS, Place, THREADS};
use std::path::Path;
use trycmd::TestCases;

/// Runs the blocks of a page.
pub(crate) fn check(place: &Place, page: &str) {
    let text = text(page);
    if !text.contains("```console digits") {
        return;
    }
    let copy = place.path("pages").join(page.replace('/', "-"));
    crate::fixtures::write(&copy, copy_of(&text));
    std::env::set_current_dir(place.path("")).unwrap();
    let programs = [("digits", Path::new(DIGITS)), ("head", Path::new("/usr/bin/head"))];
    TestCases::new().env(THREADS.0, THREADS.1).register_bins(programs).case(copy).run();
}

/// The page with empty lines in place of all but these blocks, so that messages name the lines of the page.
fn copy_of(page: &str) -> String {
    let mut info = None;
    let mut copy = String::new();
    for line in page.lines() {
        let line = match (line.strip_prefix("```"), info) {
            (Some(opened), None) => {
                info = Some(opened);
                if opened.starts_with("console digits") { "```console".to_owned() } else { String::new() }
            }
            (Some(_), Some(opened)) => {
                info = None;
                if opened.starts_with("console digits") { "```".to_owned() } else { String::new() }
            }
            (None, Some("console digits")) => command(line).unwrap_or_else(|| anywhere(line)),
            (None, Some("console digits trained")) => command(line).unwrap_or_else(|| loosened(line)),
            (None, _) => String::new(),
        };
        copy += &(line + "\n");
    }
    copy
}

/// A line that is a command, going through a few images.
fn command(line: &str) -> Option<String> {
    let command = line.strip_prefix("$ ")?;
    let command =
        command.strip_prefix("cargo run -p digits -- ").map_or(command.to_owned(), |rest| format!("digits {rest}"));
    assert!(["digits ", "head "].iter().any(|name| command.starts_with(name)), "trycmd passes over `{command}`");
    let is_long = ["digits train", "digits evaluate"].iter().any(|name| command.starts_with(name));
    let few = if is_long && !command.contains("--data ") { format!(" --data {DATA}") } else { String::new() };
    Some(format!("$ {command}{few}"))
}

/// The device is that of the machine.
fn anywhere(line: &str) -> String {
    if line == "device cpu" { "device [..]".to_owned() } else { line.to_owned() }
}

/// A line of which only the words are compared. Where a number stands there may be a dash or another number, wider or narrower.
fn loosened(line: &str) -> String {
    if line.starts_with("? ") {
        return line.to_owned();
    }
    let line = anywhere(line).replace(" on cpu,", " on [..],");
    let margin = if line.starts_with(' ') { "[..]" } else { "" };
    let (mut loose, mut rest) = (margin.to_owned(), line.as_str());
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        loose += before.trim_end();
        rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
        rest = rest.strip_prefix(" %").unwrap_or(rest);
        loose += "[..]";
    }
    loose += rest;
    // Columns are as wide as their numbers.
    loose = loose.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("[..]");
    // Behind two of them trycmd compares nothing more.
    while loose.contains("[..][..]") {
        loose = loose.replace("[..][..]", "[..]");
    }
    // On a machine that is busy there are lines within an epoch too.
    if line.starts_with("epoch ") { format!("...\n{loose}") } else { loose }
}
