//! The reference of all layers, made from the layer files themselves: `docs/reference.md`.

use crate::layers::{Attribute, Form, KINDS, Kind, Range};

const HEAD: &str = "\
<!-- Made from compiler/src/layers. To renew it: UPDATE=1 cargo test -p googlenetc --test layers -->
# Layers

Every layer kind, with its attributes and what holds when they are left out. How layers are put together is in
[language.md](language.md).

A layer is its keyword, then values and attributes in any order, separated by blanks: `conv 3x3/2 64 pad=1 bias`. Values
that belong together are joined by `x`. A flag `ceil` is switched off by `ceil=false`. Inside a block a parameter, `$name`,
can stand for every number and word, and for the keyword itself. An attribute that has no effect beside the others is an
error, unless it comes from `defaults`. An argument `_`, an empty cell, leaves its layer out.
";

/// The whole page.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n| layer | what it does |\n|---|---|\n");
    for kind in KINDS {
        page.push_str(&format!("| `{}` | {} |\n", kind.keyword, kind.summary));
    }
    for kind in KINDS {
        page.push_str(&section(kind));
    }
    page
}

fn section(kind: &Kind) -> String {
    let mut section =
        format!("\n## {}\n\n{}\n\n```text\n{}\n```\n", kind.keyword, kind.summary, kind.examples.join("\n"));
    if !kind.positional.is_empty() {
        let values: Vec<String> =
            kind.positional.iter().map(|value| format!("- `{}`: {}", value.sample, value.what)).collect();
        section.push_str(&format!("\n{}\n", values.join("\n")));
    }
    if !kind.attributes.is_empty() {
        section.push_str("\n| attribute | takes | unless said | meaning |\n|---|---|---|---|\n");
        for attribute in kind.attributes {
            section.push_str(&row(attribute));
        }
    }
    if !kind.variables.is_empty() {
        section.push_str(&format!("\nVariables: {}.\n", kind.variables));
    }
    section
}

fn row(attribute: &Attribute) -> String {
    let Attribute { name, form, default, needs, meaning } = attribute;
    let default = if default.is_empty() { "must be said" } else { default };
    let needs = if needs.is_empty() { String::new() } else { format!("; needs {needs}") };
    format!("| `{name}` | {} | {default} | {meaning}{needs} |\n", takes(*form))
}

/// What an attribute takes, in words.
pub(super) fn takes(form: Form) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match form {
        Form::Flag => "flag".into(),
        Form::Words(known) => words(known),
        Form::WordsOrNumber(known) => format!("{}, or a number", words(known)),
        Form::Count(least) => format!("whole number, at least {least}"),
        Form::Sizes { least, counts } => {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            format!("{} whole numbers joined by `x`, at least {least}", counts.join(" or "))
        }
        Form::Number(range) => number(range).into(),
        Form::Numbers(range) => format!("for each channel a {}, joined by `x`", number(range)),
    }
}

fn number(range: Range) -> &'static str {
    match range {
        Range::Any => "number",
        Range::Positive => "number above 0",
        Range::NotNegative => "number of at least 0",
        Range::Fraction => "number from 0 to 1",
        Range::Probability => "number from 0 up to, but not, 1",
    }
}
