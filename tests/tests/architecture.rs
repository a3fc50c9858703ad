//! `docs/architecture.md` is right: what it names is there, and its lists of what to touch name every file that holds their example.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files and fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::Path;

use walkdir::WalkDir;

const PAGE: &str = "docs/architecture.md";

/// Files in which an example may stand without being named: what changed, the page itself, and what fuzzers found.
const PASSED_OVER: [&str; 4] = ["CHANGELOG.md", PAGE, "tests/fuzz/corpus/", "tests/tests/architecture.rs"];

/// What the names of the project's files end in.
const ENDINGS: [&str; 11] = ["gnet", "json", "md", "pest", "proto", "py", "rs", "snap", "svg", "toml", "yaml"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All files of the project, from its root, and all its folders, which end in `/`.
fn project() -> BTreeSet<String> {
    // What `.gitignore` names, and what is git's own.
    let is_made = |name: &str| {
        name.starts_with('.')
            || ["target", "runs", "artifacts", "coverage"].contains(&name)
            || [".snap.new", ".pending-snap"].iter().any(|ending| name.ends_with(ending))
    };
    let entries = WalkDir::new(root()).min_depth(1).into_iter();
    let entries = entries.filter_entry(|entry| !is_made(entry.file_name().to_str().unwrap()));
    let name = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(root()).unwrap().to_str().unwrap();
        if entry.file_type().is_dir() { format!("{path}/") } else { path.to_owned() }
    };
    let names: BTreeSet<String> = entries.map(|entry| name(entry.unwrap())).collect();
    assert!(names.len() > 1000, "{} files and folders", names.len());
    names
}

/// A section of the page: what stands behind `## `, and what is below it.
struct Section {
    title: String,
    items: Vec<Item>,
}

/// A paragraph, or an item of a list.
struct Item {
    is_numbered: bool,
    text: String,
}

impl Item {
    /// What stands between backticks.
    fn code(&self) -> Vec<&str> {
        assert!(self.text.matches('`').count().is_multiple_of(2), "a backtick is alone:\n{}", self.text);
        self.text.split('`').skip(1).step_by(2).collect()
    }

    /// Those that look like a path: with an ending that files have here, or with a slash between words.
    fn paths(&self) -> Vec<&str> {
        let is_of_paths = |letter: char| letter.is_ascii_alphanumeric() || "._-*/".contains(letter);
        let looks_like_one = |code: &str| {
            let has_ending = code.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
            code.chars().all(is_of_paths) && (code.contains('/') || has_ending)
        };
        self.code().into_iter().filter(|code| looks_like_one(code)).collect()
    }
}

/// The page in sections and items, without what is fenced.
fn sections() -> Vec<Section> {
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let outside: String = page.split("```").step_by(2).collect();
    let is_number = |line: &str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    let mut sections = Vec::new();
    let mut begins = true;
    for line in outside.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section { title: title.to_owned(), items: Vec::new() });
        } else if sections.is_empty() {
            sections.push(Section { title: String::new(), items: Vec::new() });
        }
        let items = &mut sections.last_mut().unwrap().items;
        match items.last_mut() {
            Some(item) if !begins && !is_number(line) && !line.starts_with("- ") => item.text += &format!(" {line}"),
            _ => items.push(Item { is_numbered: is_number(line), text: line.to_owned() }),
        }
        begins = line.is_empty() || line.starts_with('#');
    }
    sections
}

/// Whether a name is what a pattern says: `*` stands for anything without a slash.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let end = name.find('/').unwrap_or(name.len());
            (0..=end).any(|length| name.is_char_boundary(length) && fits(rest, &name[length..]))
        }),
    }
}

/// The patterns that a path of the page stands for, `KIND.rs` being that of any of `names`.
fn patterns(path: &str, names: &[&str], project: &BTreeSet<String>) -> Vec<String> {
    let is_placeholder = |word: &str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_uppercase());
    let mut words = path.split(['/', '.', '*']);
    match words.find(|word| is_placeholder(word) && !project.contains(path)) {
        Some(word) if names.is_empty() => vec![path.replace(word, "*")],
        Some(word) => {
            let spellings = names.iter().flat_map(|name| [(*name).to_owned(), name.replace('-', "_")]);
            spellings.map(|name| path.replace(word, &name)).collect()
        }
        None => vec![path.to_owned()],
    }
}

/// What there is of a path that an item names: from the root, or from where an earlier path of the item leads.
fn found(path: &str, before: &[String], project: &BTreeSet<String>) -> Vec<String> {
    let mut folders = vec![String::new()];
    for earlier in before {
        let folder = earlier.rfind('/').map_or("", |slash| &earlier[..=slash]);
        folders.extend([folder.to_owned(), format!("{}/", earlier.trim_end_matches(".rs"))]);
    }
    let wanted: Vec<String> =
        folders.iter().flat_map(|folder| patterns(&format!("{folder}{path}"), &[], project)).collect();
    project.iter().filter(|name| wanted.iter().any(|pattern| fits(pattern, name))).cloned().collect()
}

#[test]
fn every_path_is_there() {
    let project = project();
    let mut count = 0;
    for section in sections() {
        for item in &section.items {
            let mut before = Vec::new();
            for path in item.paths() {
                let found = found(path, &before, &project);
                assert!(!found.is_empty(), "{}: there is no `{path}`", section.title);
                before.extend(found);
                count += 1;
            }
        }
    }
    assert!(count > 100, "only {count} paths");
}

/// The names of a section's example, from the paragraph that begins with "The example is".
fn example(section: &Section) -> Vec<&str> {
    let paragraphs = section.items.iter().filter(|item| item.text.starts_with("The example is "));
    paragraphs.flat_map(Item::code).collect()
}

/// Whether a name stands in a text as a word.
fn has_word(text: &str, name: &str) -> bool {
    let is_inside = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(name).any(|(start, _)| {
        !is_inside(text[..start].chars().next_back()) && !is_inside(text[start + name.len()..].chars().next())
    })
}

/// Whoever adds something touches all files that a thing of the same kind has touched.
#[test]
fn lists_name_all_files_of_their_example() {
    let project = project();
    let texts: Vec<(&String, String)> = project
        .iter()
        .filter(|name| !name.ends_with('/') && !PASSED_OVER.iter().any(|start| name.starts_with(start)))
        .filter_map(|name| Some((name, std::fs::read_to_string(root().join(name)).ok()?)))
        .collect();
    let sections = sections();
    let lists: Vec<&Section> = sections.iter().filter(|section| section.title.starts_with("Add ")).collect();
    let mut mistakes = String::new();
    for section in &lists {
        let names = example(section);
        assert!(!names.is_empty(), "{} has no example", section.title);
        let has_example = |text: &str| names.iter().any(|name| has_word(text, name));
        let holding: Vec<&String> =
            texts.iter().filter(|(name, text)| has_example(name) || has_example(text)).map(|(name, _)| *name).collect();
        let listed: Vec<(&str, Vec<String>)> = section
            .items
            .iter()
            .filter(|item| item.is_numbered)
            .flat_map(Item::paths)
            .map(|path| (path, patterns(path, &names, &project)))
            .collect();
        let is_meant = |patterns: &[String], name: &str| patterns.iter().any(|pattern| fits(pattern, name));
        for name in &holding {
            if !listed.iter().any(|(_, patterns)| is_meant(patterns, name)) {
                mistakes += &format!("{}: `{name}` has {names:?} and is not in the list\n", section.title);
            }
        }
        for (path, patterns) in &listed {
            if !holding.iter().any(|name| is_meant(patterns, name)) {
                mistakes += &format!("{}: {names:?} stands nowhere in `{path}`\n", section.title);
            }
        }
    }
    assert!(lists.len() >= 9, "only {} lists", lists.len());
    assert!(mistakes.is_empty(), "{PAGE} is wrong:\n{mistakes}");
}

#[test]
fn a_star_stands_for_anything_but_a_slash() {
    for (pattern, name, expected) in [
        ("a/*.rs", "a/b.rs", true),
        ("a/*.rs", "a/.rs", true),
        ("a/*.rs", "a/b/c.rs", false),
        ("a/*", "a/b.rs", true),
        ("a/*", "a/b/", false),
        ("a/*.b.*", "a/x.b.b.y", true),
        ("a/b.rs", "a/b.rs", true),
        ("a/b", "a/b.rs", false),
    ] {
        assert_eq!(fits(pattern, name), expected, "{pattern} and {name}");
    }
}

#[test]
fn words_end_where_letters_end() {
    assert!(has_word("mod elu;", "elu") && has_word("[gelu, elu]", "elu") && has_word("layers/elu.rs", "elu"));
    assert!(!has_word("mod gelu;", "elu") && !has_word("elu_x", "elu") && !has_word("", "elu"));
}

/// The workspace denies unsafe code, and one file that the page names is the exception, with one call.
#[test]
fn what_is_unsafe_stands_in_one_place() {
    let mut places = Vec::new();
    for name in project().iter().filter(|name| Path::new(name).extension().is_some_and(|it| it == "rs")) {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let lifts = code.clone().any(|line| line.contains(concat!("unsafe", "_code")));
        let blocks = code.filter(|line| line.contains(concat!("unsafe", " {"))).count();
        if lifts || blocks > 0 {
            places.push((name.clone(), blocks));
        }
    }
    assert_eq!(places, [("runtime/src/huge_pages.rs".to_owned(), 1)]);
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains(concat!("unsafe", "_code = \"deny\"")));
}
