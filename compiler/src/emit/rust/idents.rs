//! Names of a spec as Rust identifiers. Nothing that a spec says can become anything but an identifier or a literal.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// Words that cannot be identifiers, not even raw ones, and those that need to be raw.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Identifiers of one namespace, each given out once.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A namespace in which these are taken.
    pub(super) fn reserving(taken: &[&str]) -> Self {
        Self(taken.iter().map(|name| (*name).to_owned()).collect())
    }

    /// All that are taken.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// A free identifier in snake case, as near to `name` as can be.
    pub(super) fn snake(&mut self, name: &str) -> Ident {
        self.free(&snake(name), "_")
    }

    /// A free identifier in upper camel case.
    pub(super) fn camel(&mut self, name: &str) -> Ident {
        self.free(&camel(name), "")
    }

    fn free(&mut self, wanted: &str, separator: &str) -> Ident {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            let separator = if wanted.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { separator };
            name = format!("{}{separator}{number}", wanted.trim_end_matches('_'));
        }
        Ident::new(&name, Span::call_site())
    }
}

/// `n3x3_reduce` stays, `branch2.0` becomes `branch2_0`, `3a` becomes `n3a`, `type` becomes `type_`.
pub(super) fn snake(name: &str) -> String {
    let mut ident = String::new();
    let mut previous_is_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && previous_is_lower {
            ident.push('_');
        }
        previous_is_lower = c.is_ascii_lowercase();
        // rustc wants no two underscores in a row.
        if c.is_ascii_alphanumeric() {
            ident.push(c.to_ascii_lowercase());
        } else if !ident.ends_with('_') {
            ident.push('_');
        }
    }
    // Neither a digit nor an underscore may come first: that would say that nobody uses the field.
    if !ident.starts_with(|c: char| c.is_ascii_alphabetic()) {
        ident.insert(0, 'n');
    }
    if KEYWORDS.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}

/// `inception` becomes `Inception`, `reduction-a` becomes `ReductionA`; capitals stay.
pub(super) fn camel(name: &str) -> String {
    let mut ident: String = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word[..1].to_ascii_uppercase() + &word[1..])
        .collect();
    if ident.is_empty() || ident.starts_with(|c: char| c.is_ascii_digit()) {
        ident.insert(0, 'N');
    }
    if ident == "Self" { "SelfNetwork".into() } else { ident }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_an_identifier() {
        for (name, ident) in [
            ("branch2.0", "branch2_0"),
            ("3a", "n3a"),
            ("type", "type_"),
            ("self", "self_"),
            ("_", "n_"),
            ("Conv1", "conv1"),
            ("dropOut", "drop_out"),
            ("a-b", "a_b"),
            ("a__b-", "a_b_"),
        ] {
            assert_eq!(snake(name), ident);
            assert!(syn::parse_str::<Ident>(&snake(name)).is_ok(), "{name}");
        }
        for (name, ident) in [
            ("inception", "Inception"),
            ("reduction-a", "ReductionA"),
            ("GoogLeNet", "GoogLeNet"),
            ("3x", "N3x"),
            ("Self", "SelfNetwork"),
            ("", "N"),
        ] {
            assert_eq!(camel(name), ident);
            assert!(syn::parse_str::<Ident>(&camel(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_identifier_is_given_out_once() {
        let mut names = Names::reserving(&["x"]);
        let given: Vec<String> = ["a-b", "a_b", "x"].iter().map(|name| names.snake(name).to_string()).collect();
        assert_eq!(given, ["a_b", "a_b_2", "x_2"]);
        let given: Vec<String> =
            ["unit", "unit", "v8", "v8"].iter().map(|name| names.camel(name).to_string()).collect();
        assert_eq!(given, ["Unit", "Unit2", "V8", "V8_2"]);
    }
}
