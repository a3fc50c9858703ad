//! The pages hang together: the book has all of them, and links lead somewhere.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files and fail by panicking")]

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};
use walkdir::WalkDir;

const REPOSITORY: &str = "https://github.com/googlenetc/googlenetc/";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every page that people read in the repository, by its path from the root.
fn pages() -> Vec<PathBuf> {
    // Explanations and templates are parts of other pages; the rest is made or downloaded.
    let passed_over = ["compiler/src", "target", "book", "runs"];
    let from_root = |path: &Path| path.strip_prefix(root()).unwrap().to_owned();
    let entries = WalkDir::new(root()).sort_by_file_name().into_iter().filter_entry(|entry| {
        let path = from_root(entry.path());
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        let wanted = !hidden || path == Path::new(".github");
        wanted && !passed_over.iter().any(|folder| path == Path::new(folder))
    });
    let paths = entries.map(|entry| from_root(entry.unwrap().path()));
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// Where the links and images of a page lead.
///
/// # Panics
///
/// If a link refers to a definition that is not there.
fn links(name: &Path, page: &str) -> Vec<String> {
    let broken = |link: BrokenLink<'_>| {
        // A name in brackets alone may be no link at all: rustdoc finds items by it.
        let refers = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
        assert!(!refers, "{}: nothing defines [{}]", name.display(), link.reference);
        None
    };
    let events = Parser::new_with_broken_link_callback(page, options(), Some(broken));
    let targets = events.filter_map(|event| {
        let Event::Start(Tag::Link { dest_url, link_type, .. } | Tag::Image { dest_url, link_type, .. }) = event else {
            return None;
        };
        (link_type != LinkType::Email).then(|| dest_url.into_string())
    });
    targets.collect()
}

/// What one can link to in a page: its headings as GitHub and mdBook write them, in small letters with hyphens.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(page, options()) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
            (Event::End(TagEnd::Heading(_)), Some(text)) => {
                let text = text.to_lowercase();
                let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
                let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
                let before = times.entry(anchor.clone()).or_default();
                anchors.push(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
                *before += 1;
                heading = None;
            }
            _ => {}
        }
    }
    anchors
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for name in pages() {
        let page = read_to_string(root().join(&name)).unwrap();
        for link in links(&name, &page) {
            let about = format!("{} links to {link}", name.display());
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file.strip_prefix(REPOSITORY) {
                Some(inside) => match ["blob/main/", "tree/main/"].iter().find_map(|part| inside.strip_prefix(part)) {
                    Some(path) => root().join(path),
                    None => continue, // its issues, for instance
                },
                None if file.contains("://") => continue,
                None if file.is_empty() => root().join(&name),
                None => root().join(&name).parent().unwrap().join(file),
            };
            assert!(target.exists(), "{about}, and that is not there");
            if !anchor.is_empty() {
                let anchors = anchors(&read_to_string(target).unwrap());
                assert!(anchors.iter().any(|known| known == anchor), "{about}, and there is {anchors:?}");
            }
            count += 1;
        }
    }
    assert!(count > 100, "only {count} links were found");
}

/// mdBook makes `.html` of every link to a `.md`, and only the pages of `docs/` become that.
#[test]
fn links_of_the_book_are_right_in_it() {
    for name in pages().iter().filter(|name| name.starts_with("docs")) {
        for link in links(name, &read_to_string(root().join(name)).unwrap()) {
            let file = Path::new(link.split('#').next().unwrap());
            let wrong = file.starts_with("..") && file.extension().is_some_and(|extension| extension == "md");
            assert!(!wrong, "{} links to {link}: name its folder, or the file without a link", name.display());
        }
    }
}

#[test]
fn the_book_has_every_page_once() {
    let name = Path::new("docs/SUMMARY.md");
    let mut chapters = links(name, &read_to_string(root().join(name)).unwrap());
    chapters.sort();
    let in_docs = pages().into_iter().filter_map(|page| Some(page.strip_prefix("docs").ok()?.display().to_string()));
    let mut pages: Vec<String> = in_docs.filter(|page| page != "SUMMARY.md").collect();
    pages.sort();
    assert_eq!(chapters, pages);
}

#[test]
fn what_is_looked_for_is_found() {
    let page = "# A `b`: c-d\n## Same\n## Same\n```text\n# no heading, [no](link.md)\n```\n\
                [one](a.md#x) ![two](b.png) [three][3] <https://example.org>\n\n| a |\n|---|\n| [four](d) |\n\n[3]: c.md\n";
    assert_eq!(anchors(page), ["a-b-c-d", "same", "same-1"]);
    assert_eq!(links(Path::new("page.md"), page), ["a.md#x", "b.png", "c.md", "https://example.org", "d"]);
}
