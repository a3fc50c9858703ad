//! A tree as parts of a file of the text language.

use std::ops::Range;

use super::origin::{Origin, default_place, extent, items_hull, range, words_hull};
use super::part::{Content, Form, Part};
use super::statements::{Statement, statements};
use super::{table, value};
use crate::Syntax;
use crate::source::Spanned;
use crate::tree::{Block, Construct, Defaults, Head, Item, LintLevel, Repeat, RowContent, Spec, Table};

/// What stands before braces or a colon, and behind them.
type Labelled = (String, Content);

/// The parts of a whole spec.
pub(super) fn parts(spec: &Spec, origin: &Origin<'_>) -> Vec<Part> {
    let part = |statement| match statement {
        Statement::Text(word, text) => vec![line(word, text, &text.value, origin)],
        Statement::Value(word, value) => vec![line(word, value, &value.value.to_string(), origin)],
        Statement::Libraries(uses) => libraries(uses, origin),
        Statement::Lint(level) => vec![lint(level, origin)],
        Statement::Default(defaults) => vec![default(defaults, origin)],
        Statement::Block(block) => vec![self::block(block, origin)],
        Statement::Head(head) => vec![self::head(head, origin)],
        Statement::Trunk(word, items, place) => vec![trunk(&word, items, place, origin)],
        Statement::Outputs(outputs) => vec![line("outputs", outputs, &joined(&outputs.value), origin)],
    };
    statements(spec, origin).into_iter().flat_map(part).collect()
}

fn line<T>(word: &str, spanned: &Spanned<T>, text: &str, origin: &Origin<'_>) -> Part {
    Part::leaf(origin.statement(word, range(spanned.span)), "", format!("{word} {text}"))
}

fn joined(words: &[Spanned<String>]) -> String {
    words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ")
}

/// Libraries that the source has on one line stay on one.
fn libraries(uses: &[Spanned<String>], origin: &Origin<'_>) -> Vec<Part> {
    let on_one_line =
        |left: &Spanned<String>, right: &Spanned<String>| !origin.is_broken(&(left.span.end()..right.span.start()));
    let statements = uses.chunk_by(on_one_line);
    let statement = |words: &[Spanned<String>]| {
        let words_place = words_hull(words).unwrap_or_default();
        let place = if origin.syntax == Syntax::Text { origin.statement("use", words_place) } else { words_place };
        Part { group: Some("use"), ..Part::leaf(place, "", format!("use {}", joined(words))) }
    };
    statements.map(statement).collect()
}

fn default(defaults: &Defaults, origin: &Origin<'_>) -> Part {
    let Defaults { keyword, arguments } = defaults;
    Part::leaf(
        default_place(defaults, origin),
        "",
        format!("default {} {}", keyword.value, value::arguments(arguments)),
    )
}

fn lint(level: &LintLevel, origin: &Origin<'_>) -> Part {
    let LintLevel { lint, level } = level;
    let place = origin.statement("lint", range(lint.span.to(level.span)));
    Part { group: Some("lints"), ..Part::leaf(place, "", format!("lint {} {}", lint.value, level.value)) }
}

fn block(block: &Block, origin: &Origin<'_>) -> Part {
    let Block { name, parameters, defaults, body } = block;
    let place = origin.statement("block", range(name.span));
    let parameters: Vec<Part> = parameters
        .iter()
        .map(|parameter| Part::leaf(value::parameter_place(parameter), "", value::parameter(parameter)))
        .collect();
    let label = format!("block {}", name.value);
    if let (Construct::Sequence(items), []) = (body, defaults.as_slice())
        && let [Item { name: None, construct: Construct::Expression(expression), .. }] = items.as_slice()
    {
        return Part {
            parameters,
            tail: ":",
            group: Some("blocks"),
            ..Part::leaf(place, label, value::expression(expression))
        };
    }
    let mut parts: Vec<Part> = defaults.iter().map(|defaults| default(defaults, origin)).collect();
    match body {
        Construct::Sequence(items) => parts.extend(self::items(items, 1, origin)),
        Construct::Concat(branches) => parts.push(self::body("concat", branches, &place, origin)),
        Construct::Add(branches) => parts.push(self::body("add", branches, &place, origin)),
        Construct::Expression(_) | Construct::Repeat(_) | Construct::Table(_) | Construct::Invalid(_) => {
            let labelled = construct(String::new(), body, &place, false, origin);
            parts.push(Part { rank: 1, ..whole(extent(body).unwrap_or_default(), labelled, origin) });
        }
    }
    Part { parameters, group: Some("blocks"), ..whole(place, (label, braces(parts)), origin) }
}

/// The branches that are all of a block's body.
fn body(word: &str, branches: &[Item], within: &Range<usize>, origin: &Origin<'_>) -> Part {
    let place = origin.place(word, within, items_hull(branches));
    Part { rank: 1, ..whole(place, (word.to_owned(), self::branches(branches, origin)), origin) }
}

fn trunk(word: &str, items: &[Item], place: Range<usize>, origin: &Origin<'_>) -> Part {
    let (label, content) = match (word, items) {
        ("table", [Item { construct: Construct::Table(table), .. }]) => {
            self::table(String::new(), table, &place, origin)
        }
        _ if items.is_empty() => (word.to_owned(), braces(Vec::new())),
        _ => (word.to_owned(), Content::Parts(Form::Lines, self::items(items, 0, origin))),
    };
    Part::new(place, label, content)
}

fn head(head: &Head, origin: &Origin<'_>) -> Part {
    let Head { name, transparent, from, weight, when, declared, layers, span } = head;
    let mut words = vec!["head".to_owned(), shown(name, *transparent)];
    words.extend(from.iter().map(|from| format!("from={}", from.value)));
    words.extend(weight.iter().map(|weight| format!("weight={}", weight.value)));
    words.extend(when.iter().map(|when| format!("when={}", when.value)));
    words.extend(declared.iter().map(|declared| format!("declared={}", declared.value)));
    let is_list = matches!(layers, Construct::Sequence(_));
    let label = words.join(" ") + if is_list { "" } else { ":" };
    let part = whole(range(*span), construct(label, layers, &range(*span), false, origin), origin);
    Part { group: Some("heads"), ..part }
}

fn shown(name: &Spanned<String>, transparent: bool) -> String {
    if transparent { format!("({})", name.value) } else { name.value.clone() }
}

/// A part that holds others, and goes over lines if the author wrote it so.
fn whole(place: Range<usize>, (label, content): Labelled, origin: &Origin<'_>) -> Part {
    let tall = matches!(content, Content::Parts(..)) && origin.is_broken(&place);
    Part { tall, ..Part::new(place, label, content) }
}

fn braces(parts: Vec<Part>) -> Content {
    if parts.is_empty() { Content::Leaf("{}".to_owned()) } else { Content::Parts(Form::Braces, parts) }
}

fn items(items: &[Item], rank: u8, origin: &Origin<'_>) -> Vec<Part> {
    items.iter().map(|item| Part { rank, ..self::item(item, false, origin) }).collect()
}

fn item(item: &Item, is_branch: bool, origin: &Origin<'_>) -> Part {
    let label = item.name.as_ref().map(|name| shown(name, item.transparent) + ":").unwrap_or_default();
    let place = range(item.span);
    whole(place.clone(), construct(label, &item.construct, &place, is_branch, origin), origin)
}

/// What stands at `place` behind `label`.
fn construct(
    label: String,
    construct: &Construct,
    place: &Range<usize>,
    is_branch: bool,
    origin: &Origin<'_>,
) -> Labelled {
    match construct {
        Construct::Expression(expression) => (label, Content::Leaf(value::expression(expression))),
        Construct::Sequence(items) => {
            let is_joined = is_branch && items.len() > 1 && items.iter().all(|item| item.name.is_none());
            match braces(self::items(items, 0, origin)) {
                Content::Parts(_, parts) if is_joined => (label, Content::Parts(Form::Joined, parts)),
                content @ (Content::Leaf(_) | Content::Parts(..)) => (label, content),
            }
        }
        Construct::Concat(branches) => (with(label, "concat"), self::branches(branches, origin)),
        Construct::Add(branches) => (with(label, "add"), self::branches(branches, origin)),
        Construct::Repeat(repeat) => self::repeat(label, repeat, place, origin),
        Construct::Table(table) => {
            let place = origin.place("table", place, extent(construct));
            self::table(label, table, &place, origin)
        }
        Construct::Invalid(_) => (label, Content::default()),
    }
}

fn branches(branches: &[Item], origin: &Origin<'_>) -> Content {
    braces(branches.iter().map(|branch| item(branch, true, origin)).collect())
}

/// Another word of a label.
fn with(label: String, word: &str) -> String {
    if label.is_empty() { word.to_owned() } else { label + " " + word }
}

fn repeat(label: String, repeat: &Repeat, place: &Range<usize>, origin: &Origin<'_>) -> Labelled {
    let label = with(label, &format!("repeat {}", repeat.count.value));
    match repeat.items.as_slice() {
        [Item { name: None, construct, .. }] if !matches!(construct, Construct::Sequence(_) | Construct::Repeat(_)) => {
            let place = items_hull(&repeat.items).unwrap_or_else(|| place.clone());
            self::construct(label + ":", construct, &place, false, origin)
        }
        items => (label, braces(self::items(items, 0, origin))),
    }
}

fn table(label: String, table: &Table, place: &Range<usize>, origin: &Origin<'_>) -> Labelled {
    let mut label = with(label, "table");
    label.extend(table.block.iter().map(|block| format!(" {}", block.value)));
    label.extend(table.prefix.iter().map(|prefix| format!(" prefix={}", prefix.value)));
    let (columns, cells) = table::text(table, origin);
    let columns_place = origin.place("columns", place, words_hull(&table.columns));
    let mut parts = vec![Part::leaf(columns_place, "", columns)];
    for (row, cells) in table.rows.iter().zip(cells) {
        let place = range(row.span);
        let part = match &row.content {
            RowContent::Cells(_) => Part::leaf(place, "", cells),
            RowContent::Plain(plain) => {
                let label = format!("{}:", row.name.value);
                whole(place.clone(), construct(label, plain, &place, false, origin), origin)
            }
        };
        parts.push(Part { rank: 1, ..part });
    }
    (label, Content::Parts(Form::Lines, parts))
}
