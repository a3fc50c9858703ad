//! Names: which texts can be one, and that no two things of a scope have the same.

use std::collections::HashMap;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::grammar::{Rule, read};
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};

/// Words that say what follows them, and so cannot name an item.
const RESERVED: [&str; 2] = ["concat", "table"];

/// Reports a name that holds characters which a name cannot hold.
pub(crate) fn check(name: &Spanned<String>, reader: &mut Reader<'_>) {
    let piece = Piece::derived(&name.value, name.span);
    if !read(Rule::name, piece, "name").is_ok_and(|pair| pair.as_str() == name.value) {
        let diagnostic = Diagnostic::error(codes::NAME, format!("`{}` is not a name", name.value.escape_debug()))
            .at(name.span, "")
            .help("a name is made of the letters a to z, digits, `_` and `-`, and does not start with `-`");
        reader.report(diagnostic);
    }
}

/// Reports a name that an item of a sequence or a branch cannot have.
pub(crate) fn check_item(name: &Spanned<String>, reader: &mut Reader<'_>) {
    if !RESERVED.contains(&name.value.as_str()) {
        return check(name, reader);
    }
    let diagnostic = Diagnostic::error(codes::NAME, format!("`{}` cannot be the name of an item", name.value))
        .at(name.span, "a word of the language")
        .help(format!(
            "where `{}` is meant, it needs a place of its own: an element of a list, or under a name",
            name.value
        ));
    reader.report(diagnostic);
}

/// Reports every name that an earlier one of the same scope has taken. `what` says what is named: "branch".
pub(crate) fn check_repeated<'n>(
    what: &str,
    names: impl IntoIterator<Item = &'n Spanned<String>>,
    reader: &mut Reader<'_>,
) {
    let mut seen = HashMap::new();
    for name in names {
        match seen.get(&name.value) {
            Some(&first) => reader.report(repeated(what, name, first)),
            None => _ = seen.insert(&name.value, name.span),
        }
    }
}

/// The message for a name that is already taken.
pub(crate) fn repeated(what: &str, name: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE, format!("the {what} `{}` is there twice", name.value.escape_debug()))
        .at(name.span, "again here")
        .see(first, "first here")
        .help("remove or rename one of the two")
}

/// The message for a word that is not among those `known`: "a head has no key `form`".
pub(crate) fn unknown(what: &str, word: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let list = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error(codes::UNKNOWN, format!("{what} `{}`", word.value.escape_debug()))
        .at(word.span, "unknown here")
        .note(format!("known here: {list}"))
        .did_you_mean(&word.value, word.span, known.iter().copied())
}
