//! What every code means, at length, as `googlenetc explain` prints it and `docs/messages.md` has it of all codes.
//!
//! The texts are those of the codes: `explain/CODE.md` here, and in the crate of the language for what its readers say.

use std::collections::BTreeSet;

use googlenetc_dsl::codes::Code;
use googlenetc_dsl::{codes as reading, suggest};

use crate::codes;
use crate::lints::{self, Lint};

/// A code, and all there is to say about it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Explanation {
    /// The code and its summary.
    pub code: Code,
    /// The lint, if it is one.
    pub lint: Option<&'static Lint>,
}

/// What the first three letters of a code say.
const GROUPS: [(&str, &str); 4] = [
    ("E01", "Reading the text"),
    ("E02", "Names and values"),
    ("E03", "Shapes and counts"),
    ("W04", "Lints: the spec is accepted, but somebody should look"),
];

/// What the page says about all lints.
const LEVELS: &str = "
A lint is silent at the level `allow`, warns at `warn`, and is an error at `deny`. The spec sets levels under `lints`, see
[language.md](language.md), and the command line by `--allow`, `--warn` and `--deny`. Its name and its code mean the same.
";

/// The explanations of all codes, in order.
pub fn all() -> impl Iterator<Item = Explanation> {
    reading::ALL
        .iter()
        .chain(codes::ALL)
        .map(|&code| Explanation { code, lint: lints::ALL.iter().copied().find(|lint| lint.code == code.code) })
}

/// The explanation of a code, in letters of any case, or of a lint by its name.
///
/// # Errors
///
/// When there is none: a message, with the nearest word if there is one.
pub fn find(word: &str) -> Result<Explanation, String> {
    let is_meant = |explanation: &Explanation| {
        explanation.code.code.eq_ignore_ascii_case(word) || explanation.lint.is_some_and(|lint| lint.name == word)
    };
    all().find(is_meant).ok_or_else(|| {
        let words = all().flat_map(|one| std::iter::once(one.code.code).chain(one.lint.map(|lint| lint.name)));
        let word = if word.len() == 5 { word.to_ascii_uppercase() } else { word.to_owned() };
        match suggest::nearest(&word, words) {
            Some(nearest) => format!("no message or lint is called so; did you mean `{nearest}`?"),
            None => "no message or lint is called so; `googlenetc explain` lists all".to_owned(),
        }
    })
}

/// Where to read more about messages with these codes, if there are any.
pub fn hint<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let codes: BTreeSet<&str> = codes.into_iter().collect();
    let first = codes.first()?;
    let about = if codes.len() == 1 { "more" } else { "more about a message" };
    Some(format!("for {about}, run: googlenetc explain {first}"))
}

impl Explanation {
    /// The text for a terminal: what is fenced in Markdown is indented.
    pub fn plain(&self) -> String {
        let mut plain = format!("{}: {}\n\n", self.title(), self.code.summary);
        let mut inside = false;
        for line in (self.captioned() + &self.lint.map(level).unwrap_or_default()).lines() {
            if line.starts_with("```") {
                inside = !inside;
            } else if inside && !line.is_empty() {
                plain.push_str(&format!("    {line}\n"));
            } else {
                plain.push_str(&format!("{line}\n"));
            }
        }
        plain
    }

    /// A section of the page of all messages.
    fn section(&self) -> String {
        format!("\n### {}\n\n{}\n\n{}", self.title(), self.code.summary, self.captioned())
    }

    /// `E0301`, or `W0401 sample-mixing`.
    fn title(&self) -> String {
        self.lint.map_or_else(|| self.code.code.to_owned(), |lint| format!("{} {}", lint.code, lint.name))
    }

    /// The text, with a comment in each spec that says what comes of it.
    fn captioned(&self) -> String {
        let verb = if self.lint.is_some() { "warns" } else { "fails" };
        let mut captioned = String::new();
        for line in self.code.text.lines() {
            captioned.push_str(&format!("{line}\n"));
            let mut words = line.strip_prefix("```").unwrap_or_default().split([' ', ',']);
            match words.nth(1) {
                Some("fails") => captioned.push_str(&format!("# {verb} with {}\n", self.code.code)),
                Some("passes") => captioned.push_str("# passes\n"),
                _ => {}
            }
        }
        captioned
    }
}

/// The reason of a lint, and how its level is changed.
fn level(lint: &Lint) -> String {
    let Lint { code, name, level, reason, .. } = lint;
    format!(
        "\nIn short: {reason}.\n\nThis lint has the level `{}` unless the spec or the command line says another.\n\
         `allow` is silent, `warn` warns, and `deny` makes it an error:\n\n\
         - in YAML, `lints: {{{name}: allow}}`; in the text language, `lint {name} allow`;\n\
         - on the command line, `--allow {name}`, `--warn {name}` or `--deny {name}`.\n\n\
         `{code}` stands for `{name}` everywhere.\n",
        level.word()
    )
}

/// All codes in a line each, for a terminal.
pub fn list() -> String {
    let width = lints::ALL.iter().map(|lint| lint.name.len()).max().unwrap_or_default();
    let mut lines = String::new();
    for (start, title) in GROUPS {
        lines.push_str(&format!("{title}\n"));
        for Explanation { code, lint, .. } in all().filter(|one| one.code.code.starts_with(start)) {
            let lint = lint.map(|lint| format!("  {:width$}  {:5}", lint.name, lint.level.word()));
            lines.push_str(&format!("  {}{}  {}\n", code.code, lint.unwrap_or_default(), code.summary));
        }
        lines.push('\n');
    }
    lines + "`googlenetc explain E0301` says more about one, with a spec that fails and one that is mended.\n"
}

/// The generated part of `docs/messages.md`: tables of all codes, and their explanations.
pub fn page() -> String {
    let of_group = |start: &'static str| all().filter(move |one| one.code.code.starts_with(start));
    let mut page = String::new();
    for (start, title) in GROUPS {
        let is_lint = start.starts_with('W');
        let head = if is_lint {
            "| code | name | level | meaning |\n|---|---|---|---|"
        } else {
            "| code | meaning |\n|---|---|"
        };
        page.push_str(&format!("\n**{title}**\n\n{head}\n"));
        for Explanation { code: Code { code, summary, .. }, lint, .. } in of_group(start) {
            let lint = lint.map(|lint| format!(" `{}` | {} |", lint.name, lint.level.word()));
            page.push_str(&format!("| {code} |{} {summary} |\n", lint.unwrap_or_default()));
        }
    }
    for (start, title) in GROUPS {
        page.push_str(&format!("\n## {title}\n"));
        if start.starts_with('W') {
            page.push_str(LEVELS);
        }
        page.extend(of_group(start).map(|one| one.section()));
    }
    page
}
