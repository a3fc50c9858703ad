//! Whatever the bytes: no panic, no overflow, and an answer at once.

use std::time::{Duration, Instant};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::format::format;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::{Parsed, Syntax, parse, render};

/// Reads a text in both syntaxes, renders what is said, formats it, and gives both results.
fn both(text: &str) -> [Parsed; 2] {
    let start = Instant::now();
    let parsed = [("spec.yaml", Syntax::Yaml), ("spec.gnet", Syntax::Text)].map(|(name, syntax)| {
        let mut sources = Sources::new();
        let id = sources.add(name, text);
        let parsed = parse(&sources, id, syntax);
        assert!(parsed.spec.is_some() || !parsed.diagnostics.is_empty());
        assert!(parsed.diagnostics.is_sorted_by_key(Diagnostic::span), "{text}");
        render::render(&parsed.diagnostics, &sources, true);
        // Formatting reads the text a few times more, so only what is not quite as large.
        if parsed.diagnostics.is_empty() && text.len() < 1 << 19 {
            for to in [Syntax::Yaml, Syntax::Text] {
                assert!(format(&sources, id, syntax, to).is_ok_and(|text| format_again(&text, to)), "{text}");
            }
        }
        parsed
    });
    // A hundred times what it takes here, so that a busy machine passes and a quadratic reader does not.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {} bytes", start.elapsed(), text.len());
    parsed
}

/// Whether a formatted text stays as it is.
fn format_again(text: &str, syntax: Syntax) -> bool {
    let mut sources = Sources::new();
    let id = sources.add("formatted", text);
    format(&sources, id, syntax, syntax).as_deref() == Ok(text)
}

fn codes(parsed: &Parsed) -> Vec<&str> {
    parsed.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn nesting_of_any_depth_is_refused() {
    for opening in ["[", "{a: ", "- ", "? ", "{repeat: 1, layers: "] {
        let [yaml, _] = both(&opening.repeat(100_000));
        assert_eq!(codes(&yaml), ["E0107"], "{opening}");
    }
    let [_, text] = both(&"a {".repeat(100_000));
    assert_eq!(codes(&text), ["E0107"]);
    let [_, text] = both(&format!("body {{ {}", "repeat 1 { x: ".repeat(100_000)));
    assert_eq!(codes(&text), ["E0107"]);
    let [_, text] = both(&format!("body {{ {}relu }}", "repeat 1: ".repeat(100_000)));
    assert_eq!(codes(&text), ["E0114"]);
    let [_, text] = both(&"}".repeat(100_000));
    assert_eq!(text.diagnostics.len(), 101);
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    for parsed in both(&"#\n".repeat((4 << 19) + 1)) {
        assert_eq!(codes(&parsed), ["E0108"]);
    }
}

#[test]
fn large_files_are_read_at_once() {
    let lines = |line: fn(usize) -> String| (0..50_000).map(line).collect::<String>();
    both(&lines(|i| format!("key{i}: value\n")));
    both(&format!("stem:\n{}", lines(|i| format!("  conv{i}: conv 3x3 64 -> 64x32x32\n"))));
    both(&format!("stem {{\n{}}}\n", lines(|i| format!("  conv{i}: conv 3x3 64 -> 64x32x32\n"))));
    both(&format!("body {{\n{}}}\n", lines(|i| format!("({i}): repeat {i}: relu\n"))));
    both(&format!("use{}", " a".repeat(1 << 18)));
    both(&lines(|_| "same: x\n".to_owned()));
    both(&"x".repeat(1 << 20));
    both(&format!("body: [conv{}]", " a=1".repeat(1 << 18)));
    both(&"block (".repeat(1 << 17));
}

#[test]
fn large_files_are_formatted_at_once() {
    let lines = |line: fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    both(&format!("body: [relu{}]", ", relu".repeat(50_000)));
    both(&format!("body {{ relu{} }}", "; relu".repeat(50_000)));
    both(&format!("network: x\n{}stem: {{a: relu}}\n", lines(|i| format!("# {i}\n"))));
    both(&format!("stem:\n{}", lines(|i| format!("  # {i}\n  conv{i}: relu # {i}\n"))));
    both(&format!("stem {{\n{}}}", lines(|i| format!("  # {i}\n  conv{i}: relu # {i}\n"))));
    both(&format!("block b({}) {{ relu }}", lines(|i| format!("p{i}, # {i}\n"))));
}

#[test]
fn what_is_not_listed_is_said_in_its_place() {
    // Braces are seen before words, so what is wrong above them is beyond the limit.
    let [_, text] = both(&format!("network Net\n9 9 9\n{}\n", "}".repeat(2000)));
    assert!(codes(&text).contains(&"E0117"), "{:?}", codes(&text));
}

#[test]
fn noise_is_answered() {
    // Knuth's linear congruential generator; the high bits are the random ones.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    let words = [
        "conv",
        "3x3",
        "/",
        "$",
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        "\n",
        "\n  ",
        "- ",
        "#",
        ";",
        "->",
        "=",
        "table",
        "é",
        "\t",
        "\r\n",
        "|",
        "\"",
        "&a",
        "*a",
        "!t",
        "---\n",
        "head x",
        "block b(",
        "row",
        "add",
        "repeat 2",
        "(",
        ")",
        "default",
        "use",
        "lint",
        "published",
        "\u{feff}",
        "\0",
    ];
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..200).map(|_| next().to_le_bytes()[0]).collect();
        both(&String::from_utf8_lossy(&bytes));
        let length = next() % 40;
        both(&(0..length).map(|_| words[next() % words.len()]).collect::<String>());
    }
}

#[test]
fn a_spec_cut_off_anywhere_is_answered() {
    for text in [include_str!("fixtures/everything.yaml"), include_str!("fixtures/everything.gnet")] {
        for end in 0..text.len() {
            both(&text[..end]);
        }
    }
}
