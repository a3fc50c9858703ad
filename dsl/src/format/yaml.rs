//! A tree as parts of a YAML file.

use super::origin::{Origin, default_place, extent, hull, items_hull, range, words_hull};
use super::part::{Content, Form, Part};
use super::{table, value};
use crate::Syntax;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Head, Item, Repeat, Section, Spec, Table};

use std::ops::Range;

/// The parts of a whole spec. Those that YAML groups under one key are grouped already if the source is YAML, and
/// otherwise when [`group`] is called, after comments have found their parts.
pub(super) fn parts(spec: &Spec, origin: &Origin<'_>) -> Vec<Part> {
    let Spec { version, network, input, classes, uses, defaults, blocks, sections, outputs } = spec;
    let mut parts = Vec::new();
    for (key, text) in [("version", version), ("network", network)] {
        parts.extend(text.iter().map(|text| entry(key, text, quoted(&text.value), origin)));
    }
    for (key, number) in [("input", input), ("classes", classes)] {
        parts.extend(number.iter().map(|number| entry(key, number, value::value(&number.value), origin)));
    }
    parts.extend(libraries(uses, origin));
    parts.extend(defaults.iter().map(|defaults| default(defaults, origin)));
    parts.extend(blocks.iter().map(|block| self::block(block, origin)));
    parts.extend(self::sections(sections, origin));
    if let Some(outputs) = outputs {
        let place = origin.statement("outputs", range(outputs.span));
        parts.push(Part::new(place, "outputs:", words(&outputs.value)));
    }
    if origin.syntax == Syntax::Yaml { group(parts, &(0..origin.text.len()), origin) } else { parts }
}

/// Puts parts of the same group under its key, where the first of them stands, and takes over what stands before that one.
pub(super) fn group(parts: Vec<Part>, within: &Range<usize>, origin: &Origin<'_>) -> Vec<Part> {
    let mut grouped: Vec<Part> = Vec::new();
    for mut part in parts {
        let Some(key) = part.group else {
            grouped.push(part);
            continue;
        };
        let label = format!("{key}:");
        if let Some(Part { content: Content::Parts(_, members), place, .. }) =
            grouped.iter_mut().find(|other| other.label == label && other.group == part.group)
        {
            place.end = place.end.max(part.place.end);
            members.push(part);
            continue;
        }
        let place = origin.place(key, within, Some(part.place.clone()));
        let before = std::mem::take(&mut part.notes.before);
        let blank = std::mem::take(&mut part.notes.blank);
        let mut whole = Part::new(place, label, Content::Parts(Form::Lines, vec![part]));
        (whole.notes.before, whole.notes.blank, whole.group) = (before, blank, Some(key));
        grouped.push(whole);
    }
    grouped
}

fn entry<T>(key: &str, spanned: &Spanned<T>, text: String, origin: &Origin<'_>) -> Part {
    Part::leaf(origin.statement(key, range(spanned.span)), format!("{key}:"), text)
}

fn libraries(uses: &[Spanned<String>], origin: &Origin<'_>) -> Option<Part> {
    let place = origin.statement("use", words_hull(uses)?);
    Some(match uses {
        [one] => Part::leaf(place, "use:", quoted(&one.value)),
        _ => Part::new(place, "use:", words(uses)),
    })
}

fn words(words: &[Spanned<String>]) -> Content {
    let word = |word: &Spanned<String>| Part::leaf(range(word.span), "", quoted(&word.value));
    collection(Form::Words, words.iter().map(word).collect())
}

/// A list or a mapping, on one line if it holds nothing.
fn collection(form: Form, parts: Vec<Part>) -> Content {
    match form {
        _ if !parts.is_empty() => Content::Parts(form, parts),
        Form::List | Form::Words => Content::Leaf("[]".to_owned()),
        Form::Mapping | Form::Lines | Form::Braces | Form::Joined => Content::Leaf("{}".to_owned()),
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
            whole(layers.clone(), "layers:", self::layers(items, &layers, origin), origin)
        }
        Construct::Expression(_) | Construct::Repeat(_) | Construct::Table(_) | Construct::Invalid(_) => {
            let layers = origin.place("layers", &place, extent(body));
            whole(layers.clone(), "layers:", construct(body, &layers, origin), origin)
        }
    });
    if origin.syntax == Syntax::Yaml {
        entries = group(entries, &place, origin);
    }
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

/// The trunk and the heads. YAML has each key once, so that neighbours in the trunk are put together under `body` where a
/// text file has more of them.
fn sections(sections: &[Section], origin: &Origin<'_>) -> Vec<Part> {
    let words: Vec<&str> = origin.words.sections.iter().map(|(word, _)| word.as_str()).collect();
    let is_repeated = words.iter().enumerate().any(|(index, word)| words[..index].contains(word));
    let mut places = origin.words.sections.iter().cloned();
    let mut parts = Vec::new();
    for run in sections.chunk_by(|left, right| matches!((left, right), (Section::Body(_), Section::Body(_)))) {
        let mut trunk = Vec::new();
        for section in run {
            match section {
                Section::Head(head) => parts.push(self::head(head, origin)),
                Section::Body(items) => trunk.push((places.next().unwrap_or_default(), items)),
            }
        }
        if is_repeated && trunk.len() > 1 {
            let place = hull(trunk.iter().map(|((_, place), _)| place.clone())).unwrap_or_default();
            let items: Vec<Item> = trunk.iter().flat_map(|(_, items)| items.iter().cloned()).collect();
            trunk = Vec::new();
            parts.push(self::trunk("body", &items, place, origin));
        }
        parts.extend(trunk.into_iter().map(|((word, place), items)| self::trunk(&word, items, place, origin)));
    }
    parts
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
        entry("from", from.span, quoted(&from.value));
    }
    if let Some(weight) = weight {
        entry("weight", weight.span, value::value(&weight.value));
    }
    if let Some(when) = when {
        entry("when", when.span, quoted(&when.value));
    }
    if let Some(declared) = declared {
        entry("declared", declared.span, quoted(&declared.value));
    }
    let layers_place = origin.place("layers", &place, extent(layers));
    entries.push(whole(layers_place.clone(), "layers:", construct(layers, &layers_place, origin), origin));
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
    let layers = match repeat.items.as_slice() {
        [Item { name: None, construct: one @ (Construct::Concat(_) | Construct::Add(_)), .. }] => {
            construct(one, &layers_place, origin)
        }
        items => layers(items, &layers_place, origin),
    };
    vec![
        Part::leaf(count, "repeat:", value::value(&repeat.count.value)),
        whole(layers_place, "layers:", layers, origin),
    ]
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
            Part::leaf(place, format!("{key}:"), quoted(&name.value))
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

/// A text as YAML reads it back, in quotes where it needs them.
fn quoted(text: &str) -> String {
    let is_indicator = |character: char| "-?:,[]{}#&*!|>'\"%@`".contains(character);
    let is_plain = text.starts_with(|character: char| !is_indicator(character))
        && !text.ends_with(':')
        && text.trim() == text
        && ![": ", " #", "---", "..."].iter().any(|mark| text.contains(mark))
        && !text.contains(|character: char| ",[]{}".contains(character) || character.is_control());
    if is_plain {
        return text.to_owned();
    }
    let escape = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        _ => character.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
