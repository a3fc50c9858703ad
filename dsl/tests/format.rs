//! Formatting: what is said stays said, comments stay, and what is formatted stays as it is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::disallowed_methods, reason = "tests read their cases from files")]

use googlenetc_dsl::format::format;
use googlenetc_dsl::render::render;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::tree::Spec;
use googlenetc_dsl::{Parsed, Syntax, parse};

const EVERYTHING: [(Syntax, &str); 2] = [
    (Syntax::Yaml, include_str!("fixtures/everything.yaml")),
    (Syntax::Text, include_str!("fixtures/everything.gnet")),
];
const GOOGLENET: [(Syntax, &str); 2] =
    [(Syntax::Yaml, include_str!("fixtures/googlenet.yaml")), (Syntax::Text, include_str!("fixtures/googlenet.gnet"))];
const SYNTAXES: [Syntax; 2] = [Syntax::Yaml, Syntax::Text];

fn read(text: &str, syntax: Syntax) -> Parsed {
    let mut sources = Sources::new();
    let id = sources.add("spec", text);
    parse(&sources, id, syntax)
}

/// The tree and the comments of a text without mistakes.
fn right(text: &str, syntax: Syntax) -> Option<(Spec, Vec<String>)> {
    let parsed = read(text, syntax);
    let comments = parsed.comments.into_iter().map(|comment| comment.text).collect();
    parsed.spec.filter(|_| parsed.diagnostics.is_empty()).map(|spec| (spec, comments))
}

fn formatted(text: &str, from: Syntax, to: Syntax) -> String {
    let mut sources = Sources::new();
    let id = sources.add("spec", text);
    format(&sources, id, from, to)
        .unwrap_or_else(|messages| panic!("{}\nfrom {from:?} to {to:?}:\n{text}", render(&messages, &sources, false)))
}

/// Formats a text in every way, and asserts what must always hold.
fn check(text: &str, syntax: Syntax) {
    let Some((spec, mut comments)) = right(text, syntax) else {
        panic!("{:?}\n{text}", read(text, syntax).diagnostics)
    };
    comments.sort();
    for to in SYNTAXES {
        let first = formatted(text, syntax, to);
        let (said, mut kept) = right(&first, to).unwrap();
        kept.sort();
        assert_eq!(kept, comments, "from {syntax:?}:\n{text}\nto {to:?}:\n{first}");
        assert!(said == spec, "from {syntax:?}:\n{text}\nto {to:?}:\n{first}");
        assert_eq!(formatted(&first, to, to), first, "again, from {syntax:?}:\n{text}");
        let back = formatted(&first, to, syntax);
        let (said, mut kept) = right(&back, syntax).unwrap();
        kept.sort();
        assert!(said == spec, "there and back:\n{text}\n{first}\n{back}");
        assert_eq!(kept, comments, "there and back:\n{text}\n{first}\n{back}");
    }
}

/// The positions at which a comment, and a new line behind it, changes nothing of what the text says.
fn places(text: &str, syntax: Syntax) -> Vec<usize> {
    let (spec, comments) = right(text, syntax).unwrap();
    let is_place = |&position: &usize| {
        let Some((said, more)) = right(&with_comments(text, &[position]), syntax) else { return false };
        said == spec && more.len() == comments.len() + 1
    };
    let boundaries = text.char_indices().map(|(position, _)| position).chain([text.len()]);
    boundaries.filter(is_place).collect()
}

/// The text with a comment at each of these positions, and what follows it on the next line, as far to the right.
fn with_comments(text: &str, positions: &[usize]) -> String {
    let mut result = String::new();
    let mut from = 0;
    for (index, &position) in positions.iter().enumerate() {
        let start = text[..position].rfind('\n').map_or(0, |end| end + 1);
        result += &text[from..position];
        result += &format!(" #c{index}\n{:indent$}", "", indent = position - start);
        from = position;
    }
    result + &text[from..]
}

#[test]
fn the_tree_and_the_comments_stay() {
    for (syntax, text) in EVERYTHING.into_iter().chain(GOOGLENET) {
        check(text, syntax);
    }
}

#[test]
fn a_comment_may_stand_anywhere() {
    for (syntax, text) in EVERYTHING {
        let places = places(text, syntax);
        assert!(places.len() > 150, "{}", places.len());
        for place in places.iter().step_by(5) {
            check(&with_comments(text, &[*place]), syntax);
        }
        // All of every seventh at once.
        for first in 0..7 {
            let some: Vec<usize> = places.iter().skip(first).step_by(7).copied().collect();
            let text = with_comments(text, &some);
            if right(&text, syntax).is_some() {
                check(&text, syntax);
            }
        }
    }
}

#[test]
fn layouts() {
    insta::glob!("layouts/*.*", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let syntax = Syntax::of_name(name);
        check(&text, syntax);
        let shown = SYNTAXES.map(|to| formatted(&text, syntax, to)).join("\n=== in the text language ===\n\n");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(shown);
        });
    });
}
