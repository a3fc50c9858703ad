//! Spans point at the words that they belong to.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use googlenetc_dsl::source::{Sources, Spanned};
use googlenetc_dsl::tree::{
    Argument, Atom, Construct, Defaults, Expression, Item, Keyword, LintLevel, Parameter, RowContent, Section, Spec,
    Table, Value,
};
use googlenetc_dsl::{Syntax, parse};

type Words = Vec<Spanned<String>>;

fn spec(spec: &Spec, words: &mut Words) {
    words.extend(spec.version.clone());
    words.extend(spec.network.iter().chain(&spec.uses).chain(&spec.published).cloned());
    words.extend(spec.lints.iter().flat_map(|LintLevel { lint, level }| [lint.clone(), level.clone()]));
    for value in spec.input.iter().chain(&spec.classes) {
        self::value(value, words);
    }
    defaults(&spec.defaults, words);
    for block in &spec.blocks {
        words.push(block.name.clone());
        for Parameter { name, default } in &block.parameters {
            words.push(name.clone());
            if let Some(default) = default {
                value(default, words);
            }
        }
        defaults(&block.defaults, words);
        construct(&block.body, words);
    }
    for section in &spec.sections {
        match section {
            Section::Body(items) => self::items(items, words),
            Section::Head(head) => {
                words.push(head.name.clone());
                words.extend(head.from.iter().chain(&head.when).cloned());
                head.weight.iter().for_each(|weight| value(weight, words));
                construct(&head.layers, words);
            }
        }
    }
    words.extend(spec.outputs.iter().flat_map(|outputs| outputs.value.iter().cloned()));
}

fn defaults(list: &[Defaults], words: &mut Words) {
    for defaults in list {
        words.push(defaults.keyword.clone());
        arguments(&defaults.arguments, words);
    }
}

fn items(items: &[Item], words: &mut Words) {
    for item in items {
        words.extend(item.name.clone());
        construct(&item.construct, words);
    }
}

fn construct(construct: &Construct, words: &mut Words) {
    match construct {
        Construct::Expression(expression) => self::expression(expression, words),
        Construct::Sequence(list) | Construct::Concat(list) | Construct::Add(list) => items(list, words),
        Construct::Repeat(repeat) => {
            value(&repeat.count, words);
            items(&repeat.items, words);
        }
        Construct::Table(table) => self::table(table, words),
        Construct::Invalid(span) => panic!("{span:?}"),
    }
}

fn expression(expression: &Expression, words: &mut Words) {
    let (Keyword::Word(word) | Keyword::Parameter(word)) = &expression.keyword.value;
    let dollar = if matches!(expression.keyword.value, Keyword::Parameter(_)) { "$" } else { "" };
    words.push(Spanned::new(format!("{dollar}{word}"), expression.keyword.span));
    arguments(&expression.arguments, words);
    expression.assertion.iter().for_each(|shape| atoms(&shape.value, words));
}

fn table(table: &Table, words: &mut Words) {
    words.extend(table.block.clone());
    words.extend(table.prefix.iter().chain(&table.columns).cloned());
    for row in &table.rows {
        words.push(row.name.clone());
        match &row.content {
            RowContent::Cells(cells) => cells.iter().for_each(|cell| value(cell, words)),
            RowContent::Plain(plain) => construct(plain, words),
        }
    }
}

fn arguments(arguments: &[Argument], words: &mut Words) {
    for argument in arguments {
        match argument {
            Argument::Positional(positional) => value(positional, words),
            Argument::Named { key, value: named } => {
                words.push(key.clone());
                value(named, words);
            }
        }
    }
}

fn value(value: &Spanned<Value>, words: &mut Words) {
    match &value.value {
        Value::Word(word) => words.push(Spanned::new(word.clone(), value.span)),
        Value::Extents { sizes, steps } => {
            let joined =
                |list: &[Spanned<Atom>]| list.iter().map(|atom| shown(&atom.value)).collect::<Vec<_>>().join("x");
            let slash = if steps.is_empty() { "" } else { "/" };
            words.push(Spanned::new(format!("{}{slash}{}", joined(sizes), joined(steps)), value.span));
            atoms(sizes, words);
            atoms(steps, words);
        }
    }
}

fn atoms(atoms: &[Spanned<Atom>], words: &mut Words) {
    words.extend(atoms.iter().map(|atom| Spanned::new(shown(&atom.value), atom.span)));
}

fn shown(atom: &Atom) -> String {
    match atom {
        Atom::Number(number) => number.clone(),
        Atom::Parameter(name) => format!("${name}"),
    }
}

/// Checks every spanned word of the tree against the text at its span, and gives how many there are.
fn check(name: &str, text: &str) -> usize {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let parsed = parse(&sources, id, Syntax::of_name(name));
    assert_eq!(parsed.diagnostics, []);
    let mut words = Vec::new();
    spec(&parsed.spec.unwrap(), &mut words);
    for word in &words {
        assert_eq!(&text[word.span.start()..word.span.end()], word.value, "{name}");
    }
    words.len()
}

#[test]
fn every_word_stands_at_its_span() {
    // Nine rows of ten words (an output is three numbers and itself), and much more.
    assert!(check("googlenet.yaml", include_str!("fixtures/googlenet.yaml")) > 200);
    assert!(check("googlenet.gnet", include_str!("fixtures/googlenet.gnet")) > 200);
    assert!(check("everything.yaml", include_str!("fixtures/everything.yaml")) > 160);
    assert!(check("everything.gnet", include_str!("fixtures/everything.gnet")) > 160);
}

#[test]
fn every_word_stands_at_its_span_after_a_byte_order_mark_and_in_windows_lines() {
    for (name, text) in [
        ("everything.yaml", include_str!("fixtures/everything.yaml")),
        ("everything.gnet", include_str!("fixtures/everything.gnet")),
    ] {
        let text = format!("\u{feff}# größer\n{text}").replace('\n', "\r\n");
        assert!(check(name, &text) > 80);
    }
}
