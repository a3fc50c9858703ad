//! Every code is explained, by a spec that fails with it and a mended one, and what is written about codes is not stale.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files and fail by panicking"
)]

mod repository;

use std::collections::BTreeSet;
use std::fs::read_to_string;

use googlenetc::explain::{self, Explanation};
use googlenetc::{Embedded, Options};
use googlenetc_dsl::diagnostic::has_errors;
use repository::{fresh, root, text};

/// A fenced part of an explanation: the words behind the fence, and the text.
struct Fence {
    words: Vec<String>,
    text: String,
}

impl Fence {
    /// The spec: `last line 70 times` behind the fence means what it says.
    fn spec(&self) -> String {
        let times = self.words.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
        let start = self.text.trim_end().rfind('\n').map_or(0, |newline| newline + 1);
        let (head, last) = self.text.split_at(start);
        format!("{head}{}", last.repeat(times))
    }

    /// The spec with more lines in a file: in UTF-8, or in Latin-1 where the fence says so.
    fn bytes(&self, more: &str) -> Vec<u8> {
        let spec = self.spec() + more;
        if self.words.iter().any(|word| word == "latin1") {
            return spec.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
        }
        spec.into_bytes()
    }

    /// The name of a file that holds it.
    fn file(&self) -> String {
        format!("net.{}", self.words[0])
    }
}

fn fences(text: &str) -> Vec<Fence> {
    let parts: Vec<&str> = text.split("```").collect();
    assert!(parts.len() % 2 == 1, "a fence is not closed:\n{text}");
    let fence = |part: &&str| {
        let (info, text) = part.split_once('\n').unwrap();
        Fence { words: info.split([' ', ',']).map(String::from).collect(), text: text.to_owned() }
    };
    parts.iter().skip(1).step_by(2).map(fence).collect()
}

/// The one part of an explanation that is marked by a word.
fn marked(explanation: &Explanation, mark: &str) -> Fence {
    let code = explanation.code.code;
    let mut found: Vec<Fence> =
        fences(explanation.code.text).into_iter().filter(|fence| fence.words.iter().any(|word| word == mark)).collect();
    assert_eq!(found.len(), 1, "{code}: specs that are marked `{mark}`");
    found.remove(0)
}

/// The command with which an explanation checks its specs, if it is another than `googlenetc check`.
fn command(explanation: &Explanation) -> Option<Vec<String>> {
    let fence = fences(explanation.code.text).into_iter().find(|fence| fence.words == ["sh"])?;
    Some(fence.text.split_whitespace().map(String::from).collect())
}

/// The codes of all messages about a spec.
fn codes_of(fence: &Fence) -> Vec<String> {
    codes_with(fence, "")
}

/// The codes of all messages about a spec with more lines.
fn codes_with(fence: &Fence, more: &str) -> Vec<String> {
    let compilation = googlenetc::compile_with(&fence.file(), fence.bytes(more), &Options::default(), &mut Embedded);
    assert_eq!(compilation.network.is_some(), !has_errors(&compilation.diagnostics));
    compilation.diagnostics.iter().map(|found| found.code.to_owned()).collect()
}

#[test]
fn each_code_has_an_explanation() {
    let codes: Vec<&str> = explain::all().map(|one| one.code.code).collect();
    assert!(codes.len() >= 44, "only {} codes were found", codes.len());
    assert!(codes.is_sorted(), "{codes:?}");
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "a code stands twice");
    for one in explain::all() {
        let code = one.code.code;
        assert!(one.code.summary.ends_with('.'), "{code}: {}", one.code.summary);
        assert_eq!(one.lint.is_some(), code.starts_with('W'), "{code}");
        for line in one.code.text.lines() {
            assert!(line.chars().count() <= 88 && line.trim_end() == line, "{code}: {line}");
        }
        assert!(one.code.text.ends_with('\n') && !one.code.text.starts_with(['#', '\n']), "{code}");
    }
}

#[test]
fn files_of_explanations_are_those_of_codes() {
    let in_folder = |folder: &str| std::fs::read_dir(root().join(folder).join("src/explain")).unwrap();
    let files = in_folder("dsl").chain(in_folder("compiler"));
    let files: BTreeSet<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let codes: BTreeSet<String> = explain::all().map(|one| format!("{}.md", one.code.code)).collect();
    assert_eq!(files, codes);
}

#[test]
fn what_is_said_to_fail_fails_and_what_is_mended_passes_in_silence() {
    let mut wrong = Vec::new();
    for one in explain::all().filter(|one| command(one).is_none()) {
        let code = one.code.code;
        let mut found = codes_of(&marked(&one, "fails"));
        if code == "E0117" {
            // It is about other mistakes, and comes after them.
            found.retain(|found| found == code);
        }
        if found != [code] {
            wrong.push(format!("what fails in {code}.md has {found:?}"));
        }
        let found = codes_of(&marked(&one, "passes"));
        if !found.is_empty() {
            wrong.push(format!("what passes in {code}.md has {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The levels of a lint do what its explanation says, by its name and by its code, in both syntaxes.
#[test]
fn levels_do_what_they_are_said_to() {
    for (one, lint) in explain::all().filter_map(|one| Some((one, one.lint?))) {
        let plain = one.plain();
        let fence = marked(&one, "fails");
        for word in [lint.name, lint.code] {
            let line = |level: &str| match fence.words[0].as_str() {
                "gnet" => format!("lint {word} {level}\n"),
                _ => format!("lints: {{{word}: {level}}}\n"),
            };
            assert!(word == lint.code || plain.contains(line("allow").trim_end()), "{plain}");
            assert_eq!(codes_with(&fence, &line("allow")), [""; 0], "{word}");
            assert_eq!(codes_with(&fence, &line("warn")), [lint.code], "{word}");
            let denied = googlenetc::compile(&fence.file(), &(fence.spec() + &line("deny")));
            assert!(denied.network.is_none(), "{word}");
            assert_eq!(denied.diagnostics[0].code, lint.code);
        }
    }
}

#[cfg(feature = "cli")]
fn googlenetc() -> std::process::Command {
    std::process::Command::new(env!("CARGO_BIN_EXE_googlenetc"))
}

/// Some codes need another command than `check`, which the explanation shows.
#[cfg(feature = "cli")]
#[test]
fn commands_fail_and_pass_as_they_are_said_to() {
    let mut count = 0;
    for one in explain::all() {
        let Some(words) = command(&one) else { continue };
        let code = one.code.code;
        for (mark, expected, exit) in [("fails", vec![code], 1), ("passes", vec![], 0)] {
            let folder = tempfile::tempdir().unwrap();
            let fence = marked(&one, mark);
            std::fs::write(folder.path().join(fence.file()), fence.spec()).unwrap();
            assert!(words[0] == "googlenetc" && words.contains(&fence.file()), "{code}: {words:?}");
            let output = googlenetc().args(&words[1..]).current_dir(folder.path()).output().unwrap();
            let messages = String::from_utf8(output.stderr).unwrap();
            let heads = messages.lines().filter(|line| line.starts_with("error") || line.starts_with("warning"));
            let found: Vec<&str> = heads.map(|line| line.split(['[', ']']).nth(1).unwrap_or(line)).collect();
            assert_eq!((found, output.status.code()), (expected, Some(exit)), "{code}, {mark}:\n{messages}");
        }
        count += 1;
    }
    assert!(count >= 2, "only {count} commands were run");
}

#[cfg(feature = "cli")]
#[test]
fn the_command_explains() {
    let run = |arguments: &[&str]| {
        let output = googlenetc().arg("explain").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (_, list, _) = run(&[]);
    for one in explain::all() {
        let code = one.code.code;
        let (exit, text, _) = run(&[&code.to_lowercase()]);
        assert!(exit == Some(0) && text.starts_with(code) && text.contains(one.code.summary), "{text}");
        assert!(text.contains("    # passes\n") && !text.contains("```"), "{text}");
        if let Some(lint) = one.lint {
            assert_eq!(run(&[lint.name]).1, text);
            assert!(text.contains(&format!("--allow {}", lint.name)), "{text}");
        }
        let line = list.lines().find(|line| line.starts_with(&format!("  {code}  "))).unwrap();
        assert!(line.ends_with(one.code.summary), "{line}");
        assert!(one.lint.is_none_or(|lint| line.contains(&format!("  {}  ", lint.name))), "{line}");
    }
    let (exit, text, messages) = run(&["E0331"]);
    assert_eq!((exit, text.as_str()), (Some(2), ""));
    assert!(messages.contains("`E0301`"), "{messages}");
}

#[test]
fn the_hint_names_one_code() {
    assert_eq!(explain::hint([]), None);
    assert_eq!(explain::hint(["E0301", "E0301"]).unwrap(), "for more, run: googlenetc explain E0301");
    assert_eq!(explain::hint(["W0401", "E0301"]).unwrap(), "for more about a message, run: googlenetc explain E0301");
}

#[test]
fn a_code_is_found_in_any_case_and_a_lint_by_its_name() {
    let code = |word| explain::find(word).map(|found| found.code.code);
    assert_eq!(code("E0301"), Ok("E0301"));
    assert_eq!(code("e0301"), Ok("E0301"));
    assert_eq!(code("w0401"), Ok("W0401"));
    assert_eq!(code("sample-mixing"), Ok("W0401"));
    assert!(code("sample-mixin").unwrap_err().ends_with("did you mean `sample-mixing`?"));
    assert!(code("e0341").unwrap_err().ends_with("did you mean `E0301`?"));
    assert!(code("convolution").unwrap_err().ends_with("`googlenetc explain` lists all"));
}

/// Where the generated part of the page of messages begins.
const MARK: &str = "<!-- Made from the codes and their explanations, in src/explain of dsl and compiler. To renew it: \
                    UPDATE=1 cargo test -p googlenetc --test codes -->\n";

#[test]
fn the_page_of_messages_is_fresh() {
    let page = text("docs/messages.md");
    let (written, _) = page.split_once(MARK).unwrap();
    fresh("docs/messages.md", &format!("{written}{MARK}{}", explain::page()), "codes");
}

/// What docs/architecture.md asks of a new code holds for every code.
#[test]
fn every_code_has_all_that_a_message_needs() {
    let codes = text("compiler/src/codes.rs") + &text("dsl/src/codes.rs");
    let page = text("docs/messages.md");
    let cases: Vec<String> = std::fs::read_dir(root().join("tests/ui"))
        .unwrap()
        .filter_map(|entry| read_to_string(entry.unwrap().path()).ok()?.lines().next().map(String::from))
        .collect();
    for code in explain::all().map(|one| one.code.code) {
        assert_eq!(codes.matches(&format!(" = \"{code}\";\n")).count(), 1, "{code} in a list of codes");
        assert!(cases.iter().any(|first| first.contains("# expect: ") && first.contains(code)), "{code} has no case");
        assert_eq!(page.matches(&format!("\n### {code}")).count(), 1, "{code} in the page of messages");
    }
}

/// And of a new lint.
#[test]
fn every_lint_has_its_file_and_its_place() {
    let list = text("compiler/src/lints.rs");
    for lint in explain::all().filter_map(|one| one.lint) {
        let module = lint.name.replace('-', "_");
        let file = text(&format!("compiler/src/lints/{module}.rs"));
        assert!(file.contains(&format!("name: \"{}\"", lint.name)), "{module}");
        assert!(list.contains(&format!("\nmod {module};\n")), "`mod {module};` in the list of lints");
        assert!(list.contains(&format!("&{module}::LINT")), "`{module}` in the list of lints");
    }
}
