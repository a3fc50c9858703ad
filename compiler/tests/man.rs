//! The manual pages.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "tests read and write files and run man")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use common::{assert_exit, folder, run, stderr, stdout};

/// Every page, by the name of its file.
fn pages() -> Vec<(String, String)> {
    let folder = folder(&[]);
    assert_exit(&run(&folder, &["man", "--output", "pages"]), 0, "pages to pages");
    let files = std::fs::read_dir(folder.path().join("pages")).expect("the folder was made");
    let paths = files.map(|file| file.expect("it can be listed").path());
    let mut pages: Vec<_> = paths.map(|path| (name(&path), text(&path))).collect();
    pages.sort();
    pages
}

fn name(path: &Path) -> String {
    path.file_name().expect("it is a file").to_string_lossy().into_owned()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a page is text")
}

/// The sections of a page, in order.
fn sections(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix(".SH ")).map(|name| name.trim_matches('"')).collect()
}

/// The subcommands, as the help lists them.
fn subcommands() -> BTreeSet<String> {
    let help = stdout(&run(&folder(&[]), &["--help"]));
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Other lines go on with what stands above.
    let names = list.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").map(String::from).collect()
}

#[test]
fn each_subcommand_has_a_page() {
    let names: BTreeSet<String> = pages().into_iter().map(|(name, _)| name).collect();
    let mut expected: BTreeSet<String> = subcommands().iter().map(|name| format!("googlenetc-{name}.1")).collect();
    assert!(expected.contains("googlenetc-check.1") && expected.contains("googlenetc-man.1"), "{expected:?}");
    expected.insert("googlenetc.1".into());
    assert_eq!(names, expected);
}

#[test]
fn pages_have_the_usual_sections() {
    for (name, page) in pages() {
        let title = name.trim_end_matches(".1").to_uppercase();
        let titles: Vec<&str> = page.lines().filter(|line| line.starts_with(".TH ")).collect();
        assert_eq!(titles.len(), 1, "{name}");
        assert!(titles[0].starts_with(&format!(".TH {title} 1 ")), "{name}: {}", titles[0]);
        assert!(titles[0].contains(concat!("googlenetc ", env!("CARGO_PKG_VERSION"))), "{name}: {}", titles[0]);
        let sections = sections(&page);
        assert_eq!(sections[..4], ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"], "{name}");
        assert!(sections.contains(&"EXIT STATUS"), "{name}: {sections:?}");
        assert_eq!(sections.last(), Some(&"SEE ALSO"), "{name}");
        assert_eq!(sections.iter().collect::<BTreeSet<_>>().len(), sections.len(), "{name}: {sections:?}");
        assert!(page.contains("2 wrong usage"), "{name}");
    }
}

#[test]
fn pages_say_what_a_spec_is_where_one_is_taken() {
    let with_spec: Vec<String> =
        pages().into_iter().filter(|(_, page)| sections(page).contains(&"SPEC")).map(|(name, _)| name).collect();
    let expected = ["-build", "-check", "-diagram", "-diff", "-fmt", "-new", "-report", ""];
    assert_eq!(with_spec, expected.map(|name| format!("googlenetc{name}.1")));
    for (name, page) in pages().iter().filter(|(_, page)| sections(page).contains(&"SPEC")) {
        assert!(page.contains("SPEC is a file") && page.contains("resnet\\-18"), "{name}");
    }
}

#[test]
fn one_page_can_be_printed() {
    let folder = folder(&[]);
    for (name, page) in pages() {
        let subcommand = name.trim_end_matches(".1").trim_start_matches("googlenetc").trim_start_matches('-');
        let arguments: Vec<&str> = ["man", subcommand].into_iter().filter(|word| !word.is_empty()).collect();
        assert_eq!(stdout(&run(&folder, &arguments)), page, "{name}");
    }
    assert_exit(&run(&folder, &["man", "chekc"]), 2, "there is no subcommand `chekc`; did you mean `check`?");
    assert_exit(&run(&folder, &["man", "check", "--output", "pages"]), 2, "cannot be used with");
}

#[test]
fn other_files_are_left_alone_and_old_pages_replaced() {
    let folder = folder(&[("ls.1", "another page"), ("googlenetc.1", "an old page")]);
    assert_exit(&run(&folder, &["man", "--output", "."]), 0, "pages to .");
    assert_eq!(text(&folder.path().join("ls.1")), "another page");
    assert!(text(&folder.path().join("googlenetc.1")).contains(".TH GOOGLENETC 1 "));
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, subcommands().len() + 2, "no temporary file stays");
}

#[test]
fn without_all_pages_there_are_none() {
    let folder = folder(&[("file", "")]);
    std::fs::create_dir(folder.path().join("googlenetc-report.1")).unwrap();
    assert_exit(&run(&folder, &["man", "--output", "."]), 3, "`googlenetc-report.1` is a folder");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    assert_exit(&run(&folder, &["man", "--output", "file"]), 3, "cannot write the pages to `file`: it is a file");
}

/// Where there is a `man` of GNU, it has nothing to say against the pages.
#[cfg(unix)]
#[test]
fn man_reads_the_pages() {
    let folder = folder(&[]);
    let knows_warnings =
        Command::new("man").arg("--help").output().is_ok_and(|help| stdout(&help).contains("--warnings"));
    for (name, page) in pages() {
        std::fs::write(folder.path().join(&name), page).unwrap();
        if !knows_warnings {
            continue;
        }
        let mut man = Command::new("man");
        man.current_dir(folder.path()).env("MANWIDTH", "100").args(["--warnings", "-E", "UTF-8", "-l"]).arg(&name);
        let output = man.output().unwrap();
        assert_eq!(stderr(&output), "", "{name}");
        assert!(stdout(&output).contains("EXIT STATUS"), "{name}");
    }
}
