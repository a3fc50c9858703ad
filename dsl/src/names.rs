//! Names: which texts can be one, and that no two things of a scope have the same.

use std::collections::HashMap;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::grammar::{Rule, read};
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};

/// Words that say what follows them, and so cannot name an item or a block.
pub(crate) const RESERVED: [&str; 4] = ["concat", "add", "repeat", "table"];

/// What to do about parentheses where they mean nothing.
pub(crate) const PARENTHESES: &str = "parentheses stand around the name of an item, a branch or a head, and only where it is given: \
     remove them here";

const REPEAT: &str = "a repeat is `{repeat: 4, layers: ...}` in YAML and `repeat 4 { ... }` in the text language";

/// Reports a name that holds characters which a name cannot hold.
pub(crate) fn check(name: &Spanned<String>, reader: &mut Reader<'_>) {
    if is_name(name) {
        return;
    }
    let help = if is_in_parentheses(name) {
        PARENTHESES
    } else if name.value.starts_with("repeat ") {
        REPEAT
    } else {
        "a name is made of the letters a to z, digits, `_` and `-`, and does not start with `-`"
    };
    let message = format!("`{}` is not a name", name.value.escape_debug());
    reader.report(Diagnostic::error(codes::NAME, message).at(name.span, "").help(help));
}

fn is_name(name: &Spanned<String>) -> bool {
    let piece = Piece::derived(&name.value, name.span);
    read(Rule::name, piece, "name").is_ok_and(|pair| pair.as_str() == name.value)
}

/// Whether it is a name, or a path, but for parentheses.
fn is_in_parentheses(name: &Spanned<String>) -> bool {
    let bare = name.value.replace(['(', ')', '.'], "");
    name.value.contains(['(', ')']) && is_name(&Spanned::new(bare, name.span))
}

/// The name that an item of a sequence or a branch gets, and whether it is transparent.
pub(crate) fn item(written: &Spanned<String>, reader: &mut Reader<'_>) -> (Spanned<String>, bool) {
    let (name, transparent) = without_parentheses(written, reader);
    // Nothing in parentheses has been reported.
    if !name.value.is_empty() || !transparent {
        check_item(&name, reader);
    }
    (name, transparent)
}

/// The name that a head gets, and whether it is transparent.
pub(crate) fn head(written: &Spanned<String>, reader: &mut Reader<'_>) -> (Spanned<String>, bool) {
    let (name, transparent) = without_parentheses(written, reader);
    if !name.value.is_empty() || !transparent {
        check(&name, reader);
    }
    (name, transparent)
}

fn check_item(name: &Spanned<String>, reader: &mut Reader<'_>) {
    if !RESERVED.contains(&name.value.as_str()) {
        return check(name, reader);
    }
    let word = &name.value;
    let help = if word == "repeat" {
        REPEAT.to_owned()
    } else {
        format!("where `{word}` is meant, it needs a place of its own: an element of a list, or under a name")
    };
    reserved(name, "an item", help, reader);
}

/// Reports a name that a block cannot have.
pub(crate) fn check_block(name: &Spanned<String>, reader: &mut Reader<'_>) {
    if !RESERVED.contains(&name.value.as_str()) && name.value != "default" {
        return check(name, reader);
    }
    reserved(
        name,
        "a block",
        "a call of the block would read as something else: give it another name".to_owned(),
        reader,
    );
}

fn reserved(name: &Spanned<String>, what: &str, help: String, reader: &mut Reader<'_>) {
    let diagnostic = Diagnostic::error(codes::NAME, format!("`{}` cannot be the name of {what}", name.value));
    reader.report(diagnostic.at(name.span, "a word of the language").help(help));
}

/// The name that `written` gives, and whether it stands in parentheses, `(residual)`, which keep it out of the paths of
/// parameters. Reports parentheses that do not enclose a name.
fn without_parentheses(written: &Spanned<String>, reader: &mut Reader<'_>) -> (Spanned<String>, bool) {
    let text = written.value.as_str();
    let opened = text.strip_prefix('(');
    let inner = opened.unwrap_or(text);
    let closed = inner.strip_suffix(')');
    let inner = closed.unwrap_or(inner);
    let mistake = match (opened, closed) {
        (None, None) => return (written.clone(), false),
        (Some(_), Some(_)) if inner.is_empty() => Some("no name stands in these parentheses"),
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some("this parenthesis is not closed"),
        (None, Some(_)) => Some("this parenthesis closes nothing"),
    };
    if let Some(mistake) = mistake {
        let help = "a name in parentheses, as in `(main)`, is a label that is no part of the paths of parameters";
        reader.report(Diagnostic::error(codes::NAME, mistake).at(written.span, "").help(help));
    }
    // A text that the source says in other characters has one place for all of it.
    let exact = written.span.end - written.span.start == text.len();
    let before = usize::from(opened.is_some());
    let start = written.span.start + before;
    let span = if exact { Span::new(written.span.source, start, start + inner.len()) } else { written.span };
    (Spanned::new(inner.to_owned(), span), true)
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
