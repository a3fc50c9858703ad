//! A data file to a published table.

use std::collections::BTreeMap;

use googlenetc_dsl::codes as syntax;
use googlenetc_dsl::diagnostic::{self, Diagnostic};
use googlenetc_dsl::source::{SourceId, Sources, Span, Spanned};
use googlenetc_dsl::yaml::node::{Kind, Node};

use super::{Auxiliary, Correction, Erratum, Published, Row, Step};
use crate::codes;
use crate::data::{Entry, check_version, list, mapping, missing_key, number, text, texts, unknown_key};

const KEYS: [&str; 12] = [
    "version",
    "title",
    "input",
    "classes",
    "thousand",
    "tolerance",
    "branches",
    "columns",
    "rows",
    "auxiliary",
    "not_compared",
    "errata",
];

/// Reads the table `id`; `None` when something in it is wrong. Messages are sorted by place.
pub fn read(sources: &Sources, id: SourceId) -> (Option<Published>, Vec<Diagnostic>) {
    let (node, mut found) = googlenetc_dsl::yaml::read(sources, id);
    let table = node.and_then(|node| table(&node, &mut found));
    diagnostic::sort(&mut found);
    let is_right = !diagnostic::has_errors(&found);
    (table.filter(|_| is_right), found)
}

fn table(document: &Node, found: &mut Vec<Diagnostic>) -> Option<Published> {
    let what = "a published table";
    let entries = mapping(document, what, found)?;
    for (key, node) in entries {
        match key.value.as_str() {
            "version" => check_version(node, "published tables", found),
            name if KEYS.contains(&name) => {}
            _ => found.push(unknown_key(key, what, &KEYS)),
        }
    }
    let mut fields = Fields { entries, what, place: document.span, found };
    let title = fields.text("title");
    let input = fields.text("input").map(|text| sizes(&text));
    let classes = fields.number("classes");
    let thousand = fields.number("thousand");
    let branches = fields.node("branches").and_then(|node| branches(node, fields.found));
    let columns = fields.node("columns").and_then(|node| texts(node, "`columns`", fields.found));
    let rows = fields.node("rows").zip(columns).and_then(|(node, columns)| rows(node, &columns, fields.found));
    let tolerance = fields.node("tolerance");
    let mut tolerance =
        Fields { entries: mapping(tolerance?, "`tolerance`", fields.found)?, what: "`tolerance`", ..fields };
    let (params_tolerance, ops_tolerance) = (tolerance.number("params"), tolerance.number("ops"));
    let optional = |key: &str| entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node);
    let errata = optional("errata").and_then(|node| errata(node, rows.as_deref().unwrap_or_default(), found));
    let auxiliary = optional("auxiliary").and_then(|node| texts(node, "`auxiliary`", found));
    let not_compared = optional("not_compared").and_then(|node| texts(node, "`not_compared`", found));
    Some(Published {
        title: title?,
        input: input?,
        classes: whole(classes?),
        thousand: thousand?,
        params_tolerance: params_tolerance?,
        ops_tolerance: ops_tolerance?,
        branches: branches?,
        rows: rows?,
        errata: errata.unwrap_or_default(),
        not_compared: not_compared.unwrap_or_default(),
        auxiliary: auxiliary.unwrap_or_default().iter().map(|text| layer(text)).collect(),
    })
}

/// `avg pool 5x5/3`: a kind, and from the first digit on what is said about it.
fn layer(text: &str) -> Auxiliary {
    let digit = text.find(|character: char| character.is_ascii_digit()).unwrap_or(text.len());
    let (kind, words) = text.split_at(digit);
    Auxiliary { kind: kind.trim().into(), words: words.trim().into() }
}

/// The entries of a mapping that must have certain keys.
struct Fields<'a> {
    entries: &'a [Entry],
    what: &'a str,
    place: Span,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    fn node(&mut self, key: &str) -> Option<&'a Node> {
        let node = self.entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node);
        if node.is_none() {
            self.found.push(missing_key(self.what, key, self.place));
        }
        node
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let node = self.node(key)?;
        text(node, &format!("`{key}`"), self.found)
    }

    fn number(&mut self, key: &str) -> Option<f64> {
        let node = self.node(key)?;
        number(node, &format!("`{key}`"), self.found)
    }
}

/// The sizes of `64x112x112`; what is no number is 0, which no network has.
fn sizes(text: &str) -> Vec<u64> {
    text.split('x').map(|size| size.trim().parse().unwrap_or(0)).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of data files are small and not negative"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

fn branches(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Vec<Vec<Step>>> {
    let branches = list(node, "`branches`", found)?;
    let step = |words: &str| match words.split_once(' ') {
        None => Step::Pool,
        Some((kernel, column)) => Step::Conv { kernel: kernel.to_owned(), column: column.trim().to_owned() },
    };
    let branch = |node: &Node| {
        texts(node, "a branch", found).unwrap_or_default().iter().map(|words| step(words)).collect::<Vec<Step>>()
    };
    Some(branches.iter().map(branch).collect())
}

fn rows(node: &Node, columns: &[String], found: &mut Vec<Diagnostic>) -> Option<Vec<Row>> {
    let entries = mapping(node, "`rows`", found)?;
    Some(entries.iter().filter_map(|(name, node)| row(name, node, columns, found)).collect())
}

fn row(name: &Spanned<String>, node: &Node, columns: &[String], found: &mut Vec<Diagnostic>) -> Option<Row> {
    let cells = list(node, "a row", found)?;
    if cells.len() != columns.len() {
        let message = format!("row `{}` has {} cells for {} columns", name.value, cells.len(), columns.len());
        found.push(Diagnostic::error(codes::ARGUMENTS, message).at(node.span, "another number of cells"));
        return None;
    }
    let mut row = Row {
        name: name.value.clone(),
        kind: String::new(),
        patch: None,
        output: Vec::new(),
        depth: None,
        channels: BTreeMap::new(),
        params: None,
        ops: None,
    };
    for (column, cell) in columns.iter().zip(cells) {
        if matches!(&cell.kind, Kind::Scalar(scalar) if scalar.text == "_") {
            continue;
        }
        match column.as_str() {
            "type" => row.kind = text(cell, "`type`", found)?,
            "patch" => row.patch = text(cell, "`patch`", found),
            "output" => row.output = sizes(&text(cell, "`output`", found)?),
            "depth" => row.depth = number(cell, "`depth`", found).map(whole),
            "params" => row.params = number(cell, "`params`", found),
            "ops" => row.ops = number(cell, "`ops`", found),
            _ => row.channels.extend(number(cell, "channels", found).map(|number| (column.clone(), whole(number)))),
        }
    }
    Some(row)
}

fn errata(node: &Node, rows: &[Row], found: &mut Vec<Diagnostic>) -> Option<Vec<Erratum>> {
    let nodes = list(node, "`errata`", found)?;
    Some(nodes.iter().filter_map(|node| erratum(node, rows, found)).collect())
}

fn erratum(node: &Node, rows: &[Row], found: &mut Vec<Diagnostic>) -> Option<Erratum> {
    let what = "an erratum";
    let entries = mapping(node, what, found)?;
    let (mut params, mut ops) = (None, None);
    for (key, node) in entries {
        match key.value.as_str() {
            "row" if text(node, "`row`", found).is_some_and(|name| !knows(rows, &name)) => {
                let message = "the table has no such row";
                found.push(Diagnostic::error(codes::UNKNOWN_NAME, message).at(node.span, "unknown row"));
            }
            "params" => params = correction(node, found),
            "ops" => ops = correction(node, found),
            "row" | "why" => {}
            _ => found.push(unknown_key(key, what, &["row", "params", "ops", "why"])),
        }
    }
    let mut fields = Fields { entries, what, place: node.span, found };
    Some(Erratum { row: fields.text("row")?, params, ops, why: fields.text("why")? })
}

fn knows(rows: &[Row], name: &str) -> bool {
    name == "total" || rows.iter().any(|row| row.name == name)
}

fn correction(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Correction> {
    let (what, keys) = ("a correction", ["correct", "explained", "thousand"]);
    let entries = mapping(node, what, found)?;
    let mut values = [None; 3];
    for (key, node) in entries {
        match keys.iter().position(|known| *known == key.value) {
            Some(index) => values[index] = number(node, &format!("`{}`", key.value), found),
            None => found.push(unknown_key(key, what, &keys)),
        }
    }
    let [correct, explained, thousand] = values;
    if correct.is_none() {
        found.push(Diagnostic::error(syntax::MISSING, "a correction needs `correct`").at(node.span, "has none"));
    }
    Some(Correction { correct: correct?, explained, thousand })
}
