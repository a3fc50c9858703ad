//! Names: which texts can be one, and that no two things of a scope have the same.

use std::collections::HashMap;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::grammar::{Rule, read};
use crate::limits::LONGEST_NAME;
use crate::piece::Piece;
use crate::reader::Reader;
use crate::source::{Span, Spanned};
use crate::suggest::{Guess, bare, guess};

/// Words that say what follows them, and so cannot name an item or a block.
pub(crate) const RESERVED: [&str; 4] = ["concat", "add", "repeat", "table"];

/// What to do about parentheses where they mean nothing.
pub(crate) const PARENTHESES: &str = "parentheses stand around the name of an item, a branch or a head, and only where it is given: \
     remove them here";

const REPEAT: &str = "a repeat is `{repeat: 4, layers: ...}` in YAML and `repeat 4 { ... }` in the text language";

/// Reports a name that holds characters which a name cannot hold.
pub(crate) fn check(name: &Spanned<String>, reader: &mut Reader<'_>) {
    if !is_name(name) {
        reader.report_at(name.span, || not_a_name(name));
    }
}

fn not_a_name(name: &Spanned<String>) -> Diagnostic {
    if name.value.len() > LONGEST_NAME {
        let message = format!("a name of {} bytes, where {LONGEST_NAME} are the most", name.value.len());
        return Diagnostic::error(codes::NAME, message).at(name.span, "too long for a name");
    }
    let help = if is_in_parentheses(name) {
        PARENTHESES
    } else if name.value.starts_with("repeat ") {
        REPEAT
    } else {
        "a name is made of the letters a to z, digits, `_` and `-`, and does not start with `-`"
    };
    let message = format!("`{}` is not a name", name.value.escape_debug());
    let diagnostic = Diagnostic::error(codes::NAME, message).at(name.span, "not a name").help(help);
    let is_word = name.value.split(' ').next().is_some_and(|word| RESERVED.contains(&word) || word == "head");
    match respelt(name).filter(|_| !is_word) {
        Some(other) => diagnostic.suggest(format!("perhaps `{other}`"), name.span, other),
        None => diagnostic,
    }
}

/// A name with `_` where it has signs and blanks that no name has.
fn respelt(name: &Spanned<String>) -> Option<String> {
    let is_exact = name.span.end() - name.span.start() == name.value.len();
    let is_plain = name.value.chars().all(|character| " ./:+,&".contains(character) || is_of_a_name(character));
    let other = name.value.replace(|character| !is_of_a_name(character), "_");
    let other = other.trim_matches('_').trim_start_matches('-').to_owned();
    let is_other = other != name.value && is_name(&Spanned::new(other.clone(), name.span));
    (is_exact && is_plain && is_other).then_some(other)
}

fn is_of_a_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-".contains(character)
}

fn is_name(name: &Spanned<String>) -> bool {
    let piece = Piece::derived(&name.value, name.span);
    name.value.len() <= LONGEST_NAME && read(Rule::name, piece, "name").is_ok_and(|pair| pair.as_str() == name.value)
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
    let exact = written.span.end() - written.span.start() == text.len();
    let before = usize::from(opened.is_some());
    let start = written.span.start() + before;
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

/// What others call the parts of a spec, without capitals and joints, and what they are called here.
const ELSEWHERE: [(&str, &str); 36] = [
    ("name", "network"),
    ("model", "network"),
    ("numclasses", "classes"),
    ("nclasses", "classes"),
    ("inputshape", "input"),
    ("inputsize", "input"),
    ("import", "use"),
    ("include", "use"),
    ("modules", "blocks"),
    ("templates", "blocks"),
    ("layers", "body"),
    ("trunk", "body"),
    ("backbone", "body"),
    ("model", "body"),
    ("net", "body"),
    ("features", "body"),
    ("encoder", "body"),
    ("main", "body"),
    ("architecture", "body"),
    ("sequential", "body"),
    ("classifier", "heads"),
    ("classifiers", "heads"),
    ("params", "parameters"),
    ("arguments", "parameters"),
    ("args", "parameters"),
    ("branches", "concat"),
    ("body", "layers"),
    ("header", "columns"),
    ("at", "from"),
    ("after", "from"),
    ("attach", "from"),
    ("phase", "when"),
    ("lossweight", "weight"),
    ("times", "repeat"),
    ("count", "repeat"),
    ("n", "repeat"),
];

/// The one of the `known` words that an unknown one stands for, as far as can be guessed.
pub(crate) fn meant<'k>(word: &str, known: &[&'k str]) -> Option<Guess<'k>> {
    let elsewhere = || {
        let (_, here) = ELSEWHERE.iter().find(|(other, here)| *other == bare(word) && known.contains(here))?;
        let word = known.iter().find(|word| *word == here)?;
        Some(Guess { word, is_sure: false, is_alone: true })
    };
    guess(word, known.iter().copied()).or_else(elsewhere)
}

/// The one of the `known` words that a word is, or else stands for.
pub(crate) fn known_or_meant<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known.iter().find(|known| **known == word).copied().or_else(|| meant(word, known).map(|guess| guess.word))
}

/// Those of the `known` words that can be meant: what holds layers is not the name of the network.
pub(crate) fn fitting<'k>(known: &[&'k str], has_layers: bool) -> Vec<&'k str> {
    known.iter().copied().filter(|word| !has_layers || *word != "network").collect()
}

/// The message for a word that is not among those `known`: "a head has no key `form`". What is known is listed where nobody can
/// be sure which of it is meant.
pub(crate) fn unknown(what: &str, word: &Spanned<String>, known: &[&str]) -> Diagnostic {
    unknown_among(what, word, known, known)
}

/// The same where only some of what is known can be meant.
pub(crate) fn unknown_among(what: &str, word: &Spanned<String>, known: &[&str], fitting: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::UNKNOWN, format!("{what} `{}`", word.value.escape_debug()))
        .at(word.span, "unknown here");
    let list = || known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match meant(&word.value, fitting) {
        Some(guess) if guess.is_sure => diagnostic.guess(guess, word.span),
        Some(guess) => diagnostic.note(format!("known here: {}", list())).guess(guess, word.span),
        None => diagnostic.note(format!("known here: {}", list())),
    }
}

/// What other tools say about a layer under keys of their own.
const OF_LAYERS: [&str; 16] = [
    "kernel",
    "kernel_size",
    "size",
    "stride",
    "pad",
    "padding",
    "channels",
    "filters",
    "out_channels",
    "units",
    "bias",
    "ceil",
    "ceil_mode",
    "groups",
    "dilation",
    "inplace",
];

/// Whether a key is what other tools say about a layer.
pub(crate) fn is_of_a_layer(key: &str) -> bool {
    OF_LAYERS.contains(&key) || guess(key, OF_LAYERS).is_some_and(|guess| guess.is_sure)
}
