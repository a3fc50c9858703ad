//! What somebody probably wanted to write where the grammar cannot read on.

mod call;

use crate::diagnostic::{Diagnostic, Edit, Suggestion};
use crate::grammar::Rule;
use crate::names;
use crate::piece::Piece;

/// What to do about a mistake that is easy to make.
struct Mend {
    help: &'static str,
    /// Stretches of the text and what replaces them; none where nobody can know.
    edits: Vec<(usize, usize, &'static str)>,
    /// Whether nothing else can have been meant.
    is_sure: bool,
}

impl Mend {
    fn help(help: &'static str) -> Self {
        Self { help, edits: Vec::new(), is_sure: false }
    }

    fn sure(help: &'static str, start: usize, end: usize, replacement: &'static str) -> Self {
        Self { help, edits: vec![(start, end, replacement)], is_sure: true }
    }
}

/// Kernels that anybody has written are no larger.
const LARGEST_SIDE: u64 = 11;

/// Adds what to do about `token`, which stands at `position` of what `rule` reads.
pub(crate) fn add(diagnostic: Diagnostic, rule: Rule, piece: Piece<'_>, position: usize, token: &str) -> Diagnostic {
    let (before, rest) = piece.text.split_at_checked(position).unwrap_or((piece.text, ""));
    let Some(Mend { help, edits, is_sure }) = mend(rule, piece.separator, before, rest, token) else {
        return diagnostic;
    };
    if edits.is_empty() || !piece.is_exact() {
        return diagnostic.help(help);
    }
    let edit = |(start, end, replacement): (usize, usize, &str)| Edit {
        span: piece.place(start, end),
        replacement: replacement.to_owned(),
    };
    let edits = edits.into_iter().map(edit).collect();
    diagnostic.suggest_all(Suggestion { message: help.to_owned(), edits, is_safe: is_sure })
}

fn mend(rule: Rule, separator: Option<&'static str>, before: &str, rest: &str, token: &str) -> Option<Mend> {
    let is_layer = rule == Rule::expression;
    let is_list = matches!(rule, Rule::names | Rule::columns | Rule::cells | Rule::libraries);
    let is_header = matches!(rule, Rule::block_header | Rule::head_header | Rule::table_header);
    let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    let position = before.len();
    let blanks_from = before.trim_end().len();
    let first = rest.chars().next()?;
    let after = rest.get(first.len_utf8()..).unwrap_or_default();
    let second = after.chars().next();
    let end = position + first.len_utf8();
    Some(match first {
        '=' if after.starts_with('>') => Mend::sure("the arrow is `->`", position, end + 1, "->"),
        '→' => Mend::sure("the arrow is `->`", position, end, "->"),
        '=' if !before.ends_with(' ') || after.trim().is_empty() || before.trim().is_empty() => {
            Mend::help("write `key=value` without blanks around the equals sign")
        }
        '=' => {
            let blanks = after.len() - after.trim_start_matches(' ').len();
            Mend::sure("write `key=value` without blanks around the equals sign", blanks_from, end + blanks, "=")
        }
        ',' if is_list => {
            let replacement = if second == Some(' ') { "" } else { " " };
            Mend::sure("put blanks between them, no commas", position, end, replacement)
        }
        '(' | ')' if is_list || is_header => Mend::help(names::PARENTHESES),
        ':' if is_layer && second.is_some_and(|next| next != ' ') => colon(position, before),
        '(' if is_layer && second == Some(')') => {
            Mend::sure("a layer is written without parentheses", position, end + 1, "")
        }
        '(' if is_layer => Mend::help(call::written(before.trim())),
        '\\' if matches!(rule, Rule::lone_library | Rule::libraries) => {
            Mend::help("the parts of a path are joined by `/`")
        }
        ',' if is_layer && is_another_layer(after) => parted(position, rest, separator),
        ',' => comma(position, before, second),
        '*' | '×' | '+' if is_arithmetic(before, first, after) => Mend::help(ARITHMETIC),
        '*' | '×' if is_digit(second) => Mend::sure("numbers are joined by `x`", position, end, "x"),
        _ if token.contains('$') && token.contains(['-', '+', '*']) => Mend::help(ARITHMETIC),
        '%' => Mend::help("write a fraction, as in `dropout 0.5`"),
        '>' if before.ends_with('-') => Mend::sure("put a blank before `->`", position - 1, position - 1, " "),
        '"' | '\'' => quoted(position, rest, first),
        '/' if is_digit(second) && blanks_from < position => {
            Mend::sure("kernel and stride stand together", blanks_from, position, "")
        }
        _ if before.trim_end().ends_with('/') && is_digit(Some(first)) && blanks_from < position => {
            Mend::sure("kernel and stride stand together", blanks_from, position, "")
        }
        '.' if is_digit(second) => Mend::sure("write a zero before the point", position, position, "0"),
        '~' if token == "~" && matches!(rule, Rule::lone_value | Rule::cells) => {
            Mend::sure("an empty cell is written `_`", position, end, "_")
        }
        _ if [".inf", ".nan", ".NaN", ".Inf"].contains(&token) => Mend::help("only finite numbers stand in a spec"),
        _ if is_layer && before.contains("->") => Mend::help("`->` and the shape come last"),
        _ => return None,
    })
}

const ARITHMETIC: &str =
    "values are not calculated here: write the number, or give the block a parameter of its own for it";

/// Whether a sign stands between values to calculate with: one of them is a parameter, or a number that is no kernel's side.
fn is_arithmetic(before: &str, sign: char, after: &str) -> bool {
    let is_end = |character: char| character.is_whitespace() || "=x/".contains(character);
    let (left, right) =
        (before.rsplit(is_end).next().unwrap_or_default(), after.split(is_end).next().unwrap_or_default());
    let is_value = |word: &str| word.starts_with('$') || word.parse::<f64>().is_ok();
    let is_side = |word: &str| word.parse::<u64>().is_ok_and(|side| side <= LARGEST_SIDE);
    let is_kernel = "*×".contains(sign) && is_side(left) && is_side(right);
    is_value(left) && is_value(right) && !is_kernel
}

/// Whether what follows a comma reads as a layer of its own, by its first word.
fn is_another_layer(after: &str) -> bool {
    let word = after.trim_start().split([' ', ',']).next().unwrap_or_default();
    word.starts_with(|first: char| first.is_ascii_alphabetic()) && !word.contains('=')
}

/// A colon without a blank: behind the name of an item, or in the place of an equals sign.
fn colon(position: usize, before: &str) -> Mend {
    let end = position + 1;
    if before.contains(' ') {
        Mend::sure("an attribute of a layer is written `key=value`", position, end, "=")
    } else {
        Mend::sure("put a blank behind the colon", end, end, " ")
    }
}

/// A comma behind or inside of a value.
fn comma(position: usize, before: &str, second: Option<char>) -> Mend {
    if second.is_none_or(char::is_whitespace) {
        Mend::sure("put blanks between values, no commas", position, position + 1, "")
    } else if before.rsplit(' ').next().is_some_and(|word| word.contains('=')) {
        Mend::sure("join several values by `x`", position, position + 1, "x")
    } else {
        Mend::help("put blanks between values, and join the numbers of one value by `x`, as in `pad=1x2`")
    }
}

/// Layers with commas between them, and how they read with the sign of the syntax.
fn parted(position: usize, rest: &str, separator: Option<&'static str>) -> Mend {
    let Some(separator) = separator else {
        return Mend::help(
            "values stand side by side without commas, and layers that follow each other are a list: \
             `[conv 1x1 64, relu]` in YAML, `{ conv 1x1 64; relu }` in the text language",
        );
    };
    let commas = rest.match_indices(',').filter(|(at, _)| is_another_layer(&rest[at + 1..]));
    let edits = commas.map(|(at, _)| (position + at, position + at + 1, separator)).collect();
    Mend { help: "part layers by semicolons, and values by blanks alone", edits, is_sure: false }
}

/// Quotes inside of a layer, and how it reads without them.
fn quoted(position: usize, rest: &str, quote: char) -> Mend {
    const HELP: &str = "a layer is written without quotes inside";
    let Some(length) = rest.get(1..).and_then(|inner| inner.find(quote)) else { return Mend::help(HELP) };
    let closing = position + 1 + length;
    Mend { help: HELP, edits: vec![(position, position + 1, ""), (closing, closing + 1, "")], is_sure: length > 0 }
}
