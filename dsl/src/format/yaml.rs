//! A tree as parts of a YAML file.

use super::origin::{Origin, default_place, extent, hull, items_hull, range, words_hull};
use super::part::{Content, Form, Part};
use super::statements::{Statement, statements};
use super::{table, value};
use crate::Syntax;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Head, Item, LintLevel, Repeat, Spec, Table};

use std::ops::Range;

/// The parts of a whole spec, not grouped yet.
pub(super) fn parts(spec: &Spec, origin: &Origin<'_>) -> Vec<Part> {
    let part = |statement| match statement {
        Statement::Text(key, text) => Some(entry(key, text, value::quoted(&text.value), origin)),
        Statement::Value(key, value) => Some(entry(key, value, value.value.to_string(), origin)),
        Statement::Libraries(uses) => libraries(uses, origin),
        Statement::Lint(level) => Some(lint(level, origin)),
        Statement::Default(defaults) => Some(default(defaults, origin)),
        Statement::Block(block) => Some(self::block(block, origin)),
        Statement::Head(head) => Some(self::head(head, origin)),
        Statement::Trunk(word, items, place) => Some(trunk(&word, items, place, origin)),
        Statement::Outputs(outputs) => {
            let place = origin.statement("outputs", range(outputs.span));
            Some(Part::new(place, "outputs:", words(&outputs.value)))
        }
    };
    statements(spec, origin).into_iter().filter_map(part).collect()
}

fn entry<T>(key: &str, spanned: &Spanned<T>, text: String, origin: &Origin<'_>) -> Part {
    Part::leaf(origin.statement(key, range(spanned.span)), format!("{key}:"), text)
}

fn libraries(uses: &[Spanned<String>], origin: &Origin<'_>) -> Option<Part> {
    let place = origin.statement("use", words_hull(uses)?);
    Some(match uses {
        [one] => Part::leaf(place, "use:", value::quoted(&one.value)),
        _ => Part::new(place, "use:", words(uses)),
    })
}

fn words(words: &[Spanned<String>]) -> Content {
    let word = |word: &Spanned<String>| Part::leaf(range(word.span), "", value::quoted(&word.value));
    collection(Form::Words, words.iter().map(word).collect())
}

/// A list or a mapping, on one line if it holds nothing.
fn collection(form: Form, parts: Vec<Part>) -> Content {
    match form {
        _ if !parts.is_empty() => Content::Parts(form, parts),
        Form::Words => Content::Leaf("[]".to_owned()),
        // In a row of a table, an empty list would be no cells.
        Form::List | Form::Mapping | Form::Lines | Form::Braces | Form::Joined => Content::Leaf("{}".to_owned()),
    }
}

/// A part that holds others, and goes over lines if the author wrote it so.
fn whole(place: Range<usize>, label: impl Into<String>, content: Content, origin: &Origin<'_>) -> Part {
    let tall = matches!(content, Content::Parts(..)) && origin.is_broken(&place);
    Part { tall, ..Part::new(place, label, content) }
}

fn default(defaults: &Defaults, origin: &Origin<'_>) -> Part {
    let Defaults { keyword, arguments } = defaults;
    let place = default_place(defaults, origin);
    let text = value::arguments(arguments);
    Part { group: Some("defaults"), ..Part::leaf(place, format!("{}:", keyword.value), text) }
}

fn lint(level: &LintLevel, origin: &Origin<'_>) -> Part {
    let LintLevel { lint, level } = level;
    let place = origin.statement("lint", range(lint.span.to(level.span)));
    Part { group: Some("lints"), ..Part::leaf(place, format!("{}:", lint.value), level.value.clone()) }
}

fn block(block: &Block, origin: &Origin<'_>) -> Part {
    let Block { name, parameters, defaults, body } = block;
    let place = origin.statement("block", range(name.span));
    let mut entries = Vec::new();
    if !parameters.is_empty() {
        let parts: Vec<Part> = parameters
            .iter()
            .map(|parameter| Part::leaf(value::parameter_place(parameter), "", value::parameter(parameter)))
            .collect();
        let hull = hull(parts.iter().map(|part| part.place.clone()));
        let place = origin.place("parameters", &place, hull);
        entries.push(Part::new(place, "parameters:", collection(Form::Words, parts)));
    }
    entries.extend(defaults.iter().map(|defaults| default(defaults, origin)));
    entries.push(match body {
        Construct::Concat(branches) => self::branches("concat", branches, &place, origin),
        Construct::Add(branches) => self::branches("add", branches, &place, origin),
        Construct::Sequence(items) => {
            let layers = origin.place("layers", &place, items_hull(items));
            whole(layers.clone(), "layers:", self::layers(items, &origin.behind("layers", &layers), origin), origin)
        }
        Construct::Expression(_) | Construct::Repeat(_) | Construct::Table(_) | Construct::Invalid(_) => {
            let layers = origin.place("layers", &place, extent(body));
            whole(layers.clone(), "layers:", construct(body, &origin.behind("layers", &layers), origin), origin)
        }
    });
    let part = whole(place, format!("{}:", name.value), Content::Parts(Form::Mapping, entries), origin);
    Part { group: Some("blocks"), ..part }
}

/// What stands under `layers` of a block or of a repeat, where one layer needs no list.
fn layers(items: &[Item], place: &Range<usize>, origin: &Origin<'_>) -> Content {
    match items {
        [
            Item {
                name: None,
                construct: one @ (Construct::Expression(_) | Construct::Repeat(_) | Construct::Table(_)),
                ..
            },
        ] => construct(one, place, origin),
        _ => sequence(items, origin),
    }
}

fn trunk(word: &str, items: &[Item], place: Range<usize>, origin: &Origin<'_>) -> Part {
    if let ("table", [Item { construct: Construct::Table(table), .. }]) = (word, items) {
        return self::table(table, place, origin);
    }
    let content = match sequence(items, origin) {
        Content::Parts(Form::Mapping, parts) => Content::Parts(Form::Lines, parts),
        content @ (Content::Leaf(_) | Content::Parts(..)) => content,
    };
    Part { tall: !items.is_empty(), ..Part::new(place, format!("{word}:"), content) }
}

fn head(head: &Head, origin: &Origin<'_>) -> Part {
    let Head { name, transparent, from, weight, when, declared, layers, span } = head;
    let place = range(*span);
    let mut entries = Vec::new();
    let mut entry = |key: &str, span, text| {
        let part = Part::leaf(origin.place(key, &place, Some(range(span))), format!("{key}:"), text);
        entries.push(part);
    };
    if let Some(from) = from {
        entry("from", from.span, value::quoted(&from.value));
    }
    if let Some(weight) = weight {
        entry("weight", weight.span, weight.value.to_string());
    }
    if let Some(when) = when {
        entry("when", when.span, value::quoted(&when.value));
    }
    if let Some(declared) = declared {
        entry("declared", declared.span, value::quoted(&declared.value));
    }
    let layers_place = origin.place("layers", &place, extent(layers));
    entries.push(whole(
        layers_place.clone(),
        "layers:",
        construct(layers, &origin.behind("layers", &layers_place), origin),
        origin,
    ));
    let part = whole(place, label(name, *transparent), Content::Parts(Form::Mapping, entries), origin);
    Part { group: Some("heads"), ..part }
}

fn label(name: &Spanned<String>, transparent: bool) -> String {
    if transparent { format!("({}):", name.value) } else { format!("{}:", name.value) }
}

/// What stands at `place`.
fn construct(construct: &Construct, place: &Range<usize>, origin: &Origin<'_>) -> Content {
    match construct {
        Construct::Expression(expression) => Content::Leaf(value::expression(expression)),
        Construct::Sequence(items) => sequence(items, origin),
        Construct::Concat(items) => Content::Parts(Form::Mapping, vec![branches("concat", items, place, origin)]),
        Construct::Add(items) => Content::Parts(Form::Mapping, vec![branches("add", items, place, origin)]),
        Construct::Repeat(repeat) => Content::Parts(Form::Mapping, self::repeat(repeat, place, origin)),
        Construct::Table(table) => {
            let table_place = origin.place("table", place, extent(construct));
            Content::Parts(Form::Mapping, vec![self::table(table, table_place, origin)])
        }
        Construct::Invalid(_) => Content::Leaf("{}".to_owned()),
    }
}

fn branches(word: &str, branches: &[Item], within: &Range<usize>, origin: &Origin<'_>) -> Part {
    let place = origin.place(word, within, items_hull(branches));
    let branches = branches.iter().map(|branch| named(branch, origin)).collect();
    whole(place, format!("{word}:"), collection(Form::Mapping, branches), origin)
}

fn repeat(repeat: &Repeat, within: &Range<usize>, origin: &Origin<'_>) -> Vec<Part> {
    let count = origin.place("repeat", within, Some(range(repeat.count.span)));
    // In the text language all of it belongs to the word `repeat`.
    let count = if origin.syntax == Syntax::Yaml { count } else { range(repeat.count.span) };
    let layers_place = origin.place("layers", within, items_hull(&repeat.items));
    let inner = origin.behind("layers", &layers_place);
    let layers = match repeat.items.as_slice() {
        [Item { name: None, construct: one @ (Construct::Concat(_) | Construct::Add(_)), .. }] => {
            construct(one, &inner, origin)
        }
        items => layers(items, &inner, origin),
    };
    vec![Part::leaf(count, "repeat:", repeat.count.value.to_string()), whole(layers_place, "layers:", layers, origin)]
}

/// Items: a mapping where all have names, otherwise a list.
fn sequence(items: &[Item], origin: &Origin<'_>) -> Content {
    if !items.is_empty() && items.iter().all(|item| item.name.is_some()) {
        return Content::Parts(Form::Mapping, items.iter().map(|item| named(item, origin)).collect());
    }
    collection(Form::List, items.iter().map(|item| element(item, origin)).collect())
}

fn element(item: &Item, origin: &Origin<'_>) -> Part {
    if item.name.is_some() {
        return named(item, origin);
    }
    let place = range(item.span);
    match construct(&item.construct, &place, origin) {
        Content::Parts(_, mut entries) if entries.len() == 1 => {
            let entry = entries.pop().unwrap_or_default();
            Part { place, braced: true, ..entry }
        }
        content @ (Content::Leaf(_) | Content::Parts(..)) => whole(place, "", content, origin),
    }
}

fn named(item: &Item, origin: &Origin<'_>) -> Part {
    let place = range(item.span);
    let label = item.name.as_ref().map(|name| label(name, item.transparent)).unwrap_or_default();
    whole(place.clone(), label, construct(&item.construct, &place, origin), origin)
}

fn table(table: &Table, place: Range<usize>, origin: &Origin<'_>) -> Part {
    let mut entries = Vec::new();
    for (key, name) in [("block", &table.block), ("prefix", &table.prefix)] {
        entries.extend(name.iter().map(|name| {
            let place = origin.place(key, &place, Some(range(name.span)));
            Part::leaf(place, format!("{key}:"), value::quoted(&name.value))
        }));
    }
    let aligned = table::yaml(table);
    let columns = origin.place("columns", &place, words_hull(&table.columns));
    entries.push(Part::leaf(columns, aligned.columns_label, aligned.columns));
    let rows = table.rows.iter().zip(aligned.rows).map(|(row, (label, cells))| {
        let place = range(row.span);
        match &row.content {
            crate::tree::RowContent::Cells(_) => Part::leaf(place, label, cells),
            crate::tree::RowContent::Plain(plain) => {
                whole(place.clone(), label, construct(plain, &place, origin), origin)
            }
        }
    });
    let rows: Vec<Part> = rows.collect();
    let rows_place = origin.place("rows", &place, hull(rows.iter().map(|row| row.place.clone())));
    entries.push(Part::new(rows_place, "rows:", collection(Form::Lines, rows)));
    Part::new(place, "table:", Content::Parts(Form::Lines, entries))
}
