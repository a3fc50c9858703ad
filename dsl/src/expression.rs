//! Layer expressions and the values in them, from the grammar to the tree. Both syntaxes read them here.

use pest::iterators::Pair;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::grammar::{Reading, Rule, part, parts, place, read, text};
use crate::limits::LONGEST;
use crate::piece::Piece;
use crate::source::Spanned;
use crate::tree::{Argument, Atom, Expression, Keyword, LintLevel, Parameter, Separator, Value};

/// Reads a layer or a call of a block: `conv 7x7/2 64 -> 64x112x112`.
pub(crate) fn expression(piece: Piece<'_>) -> Reading<Expression> {
    let piece = piece.trimmed();
    let pair = read(Rule::expression, piece, "layer")?;
    let word = part(&pair, Rule::keyword).map_or_else(
        || place(&pair, piece, Keyword::Word(String::new())),
        |keyword| match part(&keyword, Rule::reference) {
            Some(reference) => place(&reference, piece, Keyword::Parameter(without_dollar(&reference))),
            None => place(&keyword, piece, Keyword::Word(keyword.as_str().to_owned())),
        },
    );
    let assertion = part(&pair, Rule::assertion).and_then(|assertion| part(&assertion, Rule::shape)).map(|shape| {
        place(&shape, piece, part(&shape, Rule::sizes).map(|sizes| atoms(sizes, piece)).unwrap_or_default())
    });
    let arguments = argument_list(&pair, piece);
    Ok(Expression { keyword: word, arguments, assertion, separator: Separator::None, span: piece.span })
}

/// Reads a value that stands alone: a table cell, `input:`, `classes:`. `what` names it in messages: "value".
pub(crate) fn lone_value(piece: Piece<'_>, what: &str) -> Reading<Spanned<Value>> {
    // What most cells of a table are needs no grammar, which would take most of the time that reading a large table takes.
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    if piece.text.len() <= LONGEST && piece.text.split('x').all(is_number) {
        return Ok(Spanned::new(Value::Extents { sizes: numbers(piece), steps: Vec::new() }, piece.span));
    }
    let pair = read(Rule::lone_value, piece, what)?;
    Ok(part(&pair, Rule::value)
        .map_or_else(|| place(&pair, piece, Value::Word(String::new())), |value| self::value(&value, piece)))
}

/// The numbers of a text that is nothing but digits, joined by `x`.
fn numbers(piece: Piece<'_>) -> Vec<Spanned<Atom>> {
    let mut numbers = Vec::with_capacity(1 + piece.text.matches('x').count());
    let mut start = 0;
    for word in piece.text.split('x') {
        let end = start + word.len();
        numbers.push(Spanned::new(Atom::Number(word.to_owned()), piece.place(start, end)));
        start = end + 1;
    }
    numbers
}

/// Reads the arguments of a default: `bias activation=relu`.
pub(crate) fn arguments(piece: Piece<'_>) -> Reading<Vec<Argument>> {
    let pair = read(Rule::arguments, piece, "list of arguments")?;
    Ok(argument_list(&pair, piece))
}

/// Reads a parameter of a block: `n1x1`, or `stride=1`.
pub(crate) fn parameter(piece: Piece<'_>) -> Reading<Parameter> {
    let pair = read(Rule::lone_parameter, piece, "parameter")?;
    Ok(parameter_list(&pair, piece).pop().unwrap_or_else(|| Parameter { name: text(&pair, piece), default: None }))
}

/// Reads one name or path of a library or another file; `what` names it in messages.
pub(crate) fn library(piece: Piece<'_>, what: &str) -> Reading<Spanned<String>> {
    let pair = read(Rule::lone_library, piece, what)?;
    Ok(part(&pair, Rule::library).map_or_else(|| text(&pair, piece), |library| text(&library, piece)))
}

/// Reads the names and paths behind `use`.
pub(crate) fn libraries(piece: Piece<'_>) -> Reading<Vec<Spanned<String>>> {
    let pair = read(Rule::libraries, piece, "list of libraries")?;
    Ok(parts(&pair, Rule::library).map(|library| text(&library, piece)).collect())
}

/// Reads what follows `lint`: a lint and its level.
pub(crate) fn lint_level(piece: Piece<'_>) -> Reading<LintLevel> {
    let pair = read(Rule::lint_level, piece, "level of a lint")?;
    let mut words = parts(&pair, Rule::name).map(|name| text(&name, piece));
    words.next().zip(words.next()).map(|(lint, level)| LintLevel { lint, level }).ok_or_else(|| {
        let diagnostic = Diagnostic::error(codes::MISSING, "a lint needs a level").at(piece.span, "none follows");
        Box::new(diagnostic.help("write what becomes of what it finds, as in `lint kernel-name allow`"))
    })
}

/// The arguments among the parts of `pair`, in order.
pub(crate) fn argument_list(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Argument> {
    let argument = |part: Pair<'_, Rule>| {
        if part.as_rule() == Rule::value {
            return Some(Argument::Positional(value(&part, piece)));
        }
        named(&part, piece).map(|(key, value)| Argument::Named { key, value })
    };
    let mut arguments: Vec<Argument> = pair.clone().into_inner().filter_map(argument).collect();
    arguments.shrink_to_fit();
    arguments
}

/// The two sides of `key=value`; `None` for a pair of another rule.
pub(crate) fn named(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Option<(Spanned<String>, Spanned<Value>)> {
    Some((text(&part(pair, Rule::key)?, piece), value(&part(pair, Rule::value)?, piece)))
}

/// The parameters among the parts of `pair`, in order.
pub(crate) fn parameter_list(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Parameter> {
    let parameter = |pair: Pair<'_, Rule>| {
        let name = text(&part(&pair, Rule::identifier)?, piece);
        Some(Parameter { name, default: part(&pair, Rule::value).map(|default| value(&default, piece)) })
    };
    parts(pair, Rule::parameter).filter_map(parameter).collect()
}

/// The value that a pair of rule `value` stands for.
pub(crate) fn value(pair: &Pair<'_, Rule>, piece: Piece<'_>) -> Spanned<Value> {
    let Some(extents) = part(pair, Rule::extents) else {
        return place(pair, piece, Value::Word(pair.as_str().to_owned()));
    };
    let list = |rule| part(&extents, rule).map(|list| atoms(list, piece)).unwrap_or_default();
    place(pair, piece, Value::Extents { sizes: list(Rule::sizes), steps: list(Rule::steps) })
}

fn atoms(list: Pair<'_, Rule>, piece: Piece<'_>) -> Vec<Spanned<Atom>> {
    let atom = |pair: Pair<'_, Rule>| {
        let atom = if pair.as_rule() == Rule::reference {
            Atom::Parameter(without_dollar(&pair))
        } else {
            Atom::Number(pair.as_str().to_owned())
        };
        place(&pair, piece, atom)
    };
    let list = list.into_inner();
    // Tables can have many cells, most of them of one number.
    let mut atoms = Vec::with_capacity(list.len());
    atoms.extend(list.map(atom));
    atoms
}

fn without_dollar(reference: &Pair<'_, Rule>) -> String {
    reference.as_str().trim_start_matches('$').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{arguments, expression, lone_value, parameter};
    use crate::piece::Piece;
    use crate::source::{Sources, Span, Spanned};
    use crate::tree::{Argument, Atom, Expression, Keyword, Parameter, Separator, Value};

    fn piece(text: &str) -> Piece<'_> {
        Piece::of_source(Sources::new().add("spec", text), text, 0, text.len())
    }

    /// Places play no part in comparisons.
    fn anywhere<T>(value: T) -> Spanned<T> {
        Spanned::new(value, Span::new(Sources::new().add("spec", ""), 0, 0))
    }

    fn atoms(words: &[&str]) -> Vec<Spanned<Atom>> {
        let atom = |word: &&str| match word.strip_prefix('$') {
            Some(name) => Atom::Parameter(name.to_owned()),
            None => Atom::Number((*word).to_owned()),
        };
        words.iter().map(|word| anywhere(atom(word))).collect()
    }

    fn extents(sizes: &[&str], steps: &[&str]) -> Spanned<Value> {
        anywhere(Value::Extents { sizes: atoms(sizes), steps: atoms(steps) })
    }

    fn word(word: &str) -> Spanned<Value> {
        anywhere(Value::Word(word.to_owned()))
    }

    fn named(key: &str, value: Spanned<Value>) -> Argument {
        Argument::Named { key: anywhere(key.to_owned()), value }
    }

    #[test]
    fn a_layer_has_keyword_arguments_and_assertion() {
        let expected = Expression {
            keyword: anywhere(Keyword::Word("conv".to_owned())),
            arguments: vec![
                Argument::Positional(extents(&["7", "7"], &["2"])),
                Argument::Positional(extents(&["64"], &[])),
                Argument::Positional(word("bias")),
                named("alpha", extents(&["1e-4"], &[])),
            ],
            assertion: Some(anywhere(atoms(&["64", "112", "112"]))),
            separator: Separator::None,
            span: anywhere(()).span,
        };
        let read = expression(piece("  conv 7x7/2 64\tbias  alpha=1e-4 -> 64x112x112 ")).unwrap();
        assert_eq!(read, expected);
        assert_eq!((read.span.start(), read.span.end()), (2, 46));
        assert_eq!(read.assertion.map(|shape| (shape.span.start(), shape.span.end())), Some((36, 46)));
    }

    #[test]
    fn a_parameter_can_be_the_keyword_and_takes_all_it_can() {
        let read = expression(piece("$pool 3x3/$stride $n3x3_reduce $axb")).unwrap();
        assert_eq!(read.keyword.value, Keyword::Parameter("pool".to_owned()));
        let expected = [extents(&["3", "3"], &["$stride"]), extents(&["$n3x3_reduce"], &[]), extents(&["$axb"], &[])];
        assert_eq!(read.arguments, expected.map(Argument::Positional));
    }

    #[test]
    fn values_are_extents_or_words() {
        for (text, expected) in [
            ("64", extents(&["64"], &[])),
            ("-1", extents(&["-1"], &[])),
            ("0.4", extents(&["0.4"], &[])),
            ("1e-4", extents(&["1e-4"], &[])),
            ("4e1", extents(&["4e1"], &[])),
            ("1x7/2x1", extents(&["1", "7"], &["2", "1"])),
            ("2x3x2x3", extents(&["2", "3", "2", "3"], &[])),
            ("$nx3", extents(&["$nx3"], &[])),
            ("3x$n", extents(&["3", "$n"], &[])),
            ("3a", word("3a")),
            ("4e", word("4e")),
            ("3x3x", word("3x3x")),
            ("1.2.3", word("1.2.3")),
            ("_", word("_")),
            ("caffe-xavier", word("caffe-xavier")),
        ] {
            assert_eq!(lone_value(piece(text), "value").unwrap(), expected, "{text}");
        }
        for text in ["", "3x3/", "/2", "$", "a b", "a=b", ".5", "-", "$a$b", "x/2"] {
            assert!(lone_value(piece(text), "value").is_err(), "{text}");
        }
    }

    #[test]
    fn arguments_and_parameters_stand_alone() {
        let read = arguments(piece("bias activation=relu")).unwrap();
        assert_eq!(read, [Argument::Positional(word("bias")), named("activation", word("relu"))]);
        let read = parameter(piece("stride=1")).unwrap();
        assert_eq!(read, Parameter { name: anywhere("stride".to_owned()), default: Some(extents(&["1"], &[])) });
        assert_eq!(parameter(piece("n1x1")).unwrap(), Parameter { name: anywhere("n1x1".to_owned()), default: None });
        assert!(parameter(piece("3a")).is_err());
        assert!(parameter(piece("a.b")).is_err());
    }
}
