//! Wrong specs, and right ones that a hasty checker would refuse: a file in `ui/` is a case.
//!
//! Its first line says which codes its messages must have, in order: `# expect: E0203 E0301`, `# expect: E0114*100`, or
//! `# expect: ok`; a lint that is denied has a `!` behind its code. After it may follow lines such as `# set: classes=10`, which
//! are settings, or `# deny: all`, levels of lints; `# last line: 70 times`, which makes the spec longer; and `# format: gnet`,
//! which asks for the messages of `googlenetc fmt`. Libraries lie in `ui/libraries/`, tables in `ui/tables/`. The snapshot
//! holds the source and the messages, which a person has read.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use googlenetc::lints::Level;
use googlenetc::{Compilation, Embedded, Library, Loader, Options, explain};
use googlenetc_dsl::diagnostic::{Diagnostic, Severity};
use googlenetc_dsl::format::format;
use googlenetc_dsl::{Decoded, Syntax};
use googlenetc_tests::workspace;

struct Case {
    name: String,
    file: Decoded,
    expected: Vec<String>,
    options: Options,
}

fn cases() -> Vec<Case> {
    let folder = workspace().join("tests/ui");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder of cases is there").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    paths.iter().map(case).collect()
}

fn case(path: &PathBuf) -> Case {
    let name = path.file_name().expect("it came from a folder").to_string_lossy().into_owned();
    // Whatever its encoding, the first line can be read.
    let file = Decoded::from(std::fs::read(path).expect("a case can be read"));
    let text = &file.text;
    let first = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}');
    let expected = first.strip_prefix("# expect: ").map(|codes| codes.split(' ').flat_map(repeated).collect());
    let settings = said(text, "set").map(String::from).collect();
    let mut levels = Vec::new();
    for level in [Level::Allow, Level::Warn, Level::Deny] {
        levels.extend(said(text, level.word()).map(|lint| (level, lint.to_owned())));
    }
    let options = Options { settings, levels, call: None };
    Case { expected: expected.expect("the first line says what to expect"), name, file, options }
}

/// `E0114*100` is a hundred of that code.
fn repeated(word: &str) -> Vec<String> {
    let (code, times) = word.split_once('*').unwrap_or((word, "1"));
    vec![code.to_owned(); times.parse().expect("a count follows the `*`")]
}

/// What the comments at the start of a case say after a word.
fn said<'a>(text: &'a str, word: &str) -> impl Iterator<Item = &'a str> {
    let comments = text.lines().skip(1).map_while(|line| line.strip_prefix("# "));
    comments.filter_map(move |line| line.strip_prefix(word)?.strip_prefix(": "))
}

impl Case {
    /// The spec, with its last line as often as the case says.
    fn spec(&self) -> Decoded {
        let Decoded { text, flaw } = &self.file;
        let times = said(text, "last line").next().and_then(|said| said.strip_suffix(" times")?.parse().ok());
        let start = text.trim_end().rfind('\n').map_or(0, |newline| newline + 1);
        let (before, last) = text.split_at(start);
        Decoded { text: format!("{before}{}", last.repeat(times.unwrap_or(1))), flaw: *flaw }
    }
}

/// The libraries and tables of the cases, which name them as they would name files beside them.
struct Libraries;

impl Loader for Libraries {
    fn load(&mut self, name: &str, _from: &str) -> Result<Library, String> {
        let file = workspace().join("tests/ui").join(name);
        let text = std::fs::read(file).map_err(|_| format!("there is no file `{name}`"))?;
        Ok(Library { name: name.into(), text: text.into() })
    }

    fn table(&mut self, name: &str, from: &str) -> Result<Library, String> {
        if name.contains('/') { self.load(name, from) } else { Embedded.table(name, from) }
    }
}

fn compile(case: &Case) -> Compilation {
    let compilation = googlenetc::compile_with(&case.name, case.spec(), &case.options, &mut Libraries);
    let Some(target) = said(&case.file.text, "format").next() else { return compilation };
    let to = Syntax::of_name(&format!("net.{target}"));
    let formatted = format(&compilation.sources, compilation.main, Syntax::of_name(&case.name), to);
    Compilation { diagnostics: formatted.err().unwrap_or_default(), network: None, ..compilation }
}

/// The code of a message; a lint that is denied has a `!` behind it.
fn verdict(diagnostic: &Diagnostic) -> String {
    let is_denied = diagnostic.severity == Severity::Error && diagnostic.code.starts_with('W');
    format!("{}{}", diagnostic.code, if is_denied { "!" } else { "" })
}

#[test]
fn the_verdict_is_the_expected_one() {
    let cases = cases();
    assert!(cases.len() >= 40);
    for case in cases {
        let compilation = compile(&case);
        let mut found: Vec<String> = compilation.diagnostics.iter().map(verdict).collect();
        if found.is_empty() {
            found.push("ok".into());
        }
        assert_eq!(found, case.expected, "{}:\n{}", case.name, compilation.render(false));
        let is_right = found.iter().all(|code| *code == "ok" || (code.starts_with('W') && !code.ends_with('!')));
        assert_eq!(compilation.network.is_some(), is_right, "{}", case.name);
    }
}

#[test]
fn every_code_has_a_case() {
    let cases = cases();
    for code in explain::all().map(|explanation| explanation.code.code) {
        assert!(cases.iter().any(|case| case.expected.iter().any(|expected| expected == code)), "{code} has no case");
    }
}

/// What only we call so, or how we would print it for ourselves.
const INTERNAL: [&str; 8] = ["Some(", "None", "Operation(", "SourceId", "Span {", "Spanned", "Shape {", "Source::"];

#[test]
fn what_messages_point_at_is_in_the_text() {
    for case in cases() {
        let compilation = compile(&case);
        for diagnostic in &compilation.diagnostics {
            let edits = diagnostic.suggestions.iter().flat_map(|suggestion| &suggestion.edits);
            let spans = diagnostic.labels.iter().map(|label| label.span).chain(edits.map(|edit| edit.span));
            for span in spans {
                let text = &compilation.sources.get(span.source).text;
                assert!(
                    text.get(span.start()..span.end()).is_some(),
                    "{}: {}: {span:?}",
                    case.name,
                    diagnostic.message
                );
            }
        }
    }
}

#[test]
fn messages_read_alike() {
    for case in cases() {
        read_alike(&case.name, &compile(&case));
    }
    // What the readers refuse, in all the ways that they know.
    let folder = workspace().join("dsl/tests/errors");
    for path in std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()) {
        let name = path.file_name().expect("it came from a folder").to_string_lossy().into_owned();
        read_alike(&name, &googlenetc::compile(&name, &std::fs::read_to_string(&path).expect("a case is text")));
    }
}

fn read_alike(name: &str, compilation: &Compilation) {
    for diagnostic in &compilation.diagnostics {
        let message = &diagnostic.message;
        let place = format!("{name}: {message}");
        assert!(message.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '`'), "{place}");
        let labels = diagnostic.labels.iter().map(|label| &label.text).filter(|text| !text.is_empty());
        let suggestions = diagnostic.suggestions.iter().map(|suggestion| &suggestion.message);
        let others = labels.chain(suggestions).chain(&diagnostic.notes).chain(&diagnostic.helps);
        for text in [message].into_iter().chain(others) {
            assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{place}: {text}");
            assert!(!INTERNAL.iter().any(|internal| text.contains(internal)), "{place}: {text}");
        }
        assert!(diagnostic.labels.iter().any(|label| label.primary), "{place}");
    }
}

#[test]
fn nothing_is_said_twice() {
    for case in cases() {
        let diagnostics = compile(&case).diagnostics;
        for (index, diagnostic) in diagnostics.iter().enumerate() {
            let same = |other: &&_| **other == *diagnostic;
            assert!(!diagnostics[..index].iter().any(|other| same(&other)), "{}: {}", case.name, diagnostic.message);
        }
    }
}

/// An answer should take no second; tests share a busy machine, so this only catches what grows without bound.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn an_answer_comes_soon() {
    for case in cases() {
        let start = Instant::now();
        let compilation = compile(&case);
        compilation.render(true);
        assert!(start.elapsed() < PATIENCE, "{}: {:?}", case.name, start.elapsed());
    }
}

#[test]
fn a_thousand_mistakes_are_told_apart() {
    let mut spec = String::from("network: Net\ninput: 3x32x32\nclasses: 10\nstem:\n");
    for number in 0..1000 {
        writeln!(spec, "  conv{number}: conv 3x3 8 pading={number}").unwrap();
    }
    spec.push_str("heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n");
    let start = Instant::now();
    let compilation = googlenetc::compile("many.yaml", &spec);
    let found: Vec<&str> = compilation.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(found, ["E0203"; 1000]);
    assert_eq!(compilation.render(false).matches("error[").count(), 1000);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn messages() {
    for case in cases() {
        let mut shown = case.file.text.replace('\r', "<CR>").replace('\t', "<TAB>").replace('\u{feff}', "<BOM>");
        write!(shown, "\n{}", compile(&case).render(false)).unwrap();
        insta::with_settings!({
            snapshot_path => "snapshots/ui",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(case.name.as_str(), shown);
        });
    }
}
