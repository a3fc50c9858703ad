//! A row that departs from the published table.

use std::collections::BTreeSet;

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::source::Span;

use super::{Found, Level, Lint, Subject};
use crate::against::lost::lost;
use crate::against::named::Named;
use crate::against::{Cell, Parity, ParityRow, Verdict, against};
use crate::codes;
use crate::network::Operation;

pub(super) const LINT: Lint = Lint {
    code: codes::PUBLISHED_ROW,
    name: "published-row",
    level: Level::Warn,
    reason: "a number that was copied wrongly often changes no shape, and the network is still not the published one",
    find,
};

/// What a network has by itself at a row; the rest of the row follows from it, or from rows before.
struct Departure<'p> {
    row: &'p ParityRow,
    cells: Vec<&'p Cell>,
}

fn find(subject: &Subject<'_>, found: &mut Found) {
    let Some(published) = subject.published else { return };
    let parity = against(subject.checked, &published.table);
    let mut messages: Vec<Diagnostic> = Vec::new();
    let mut said: Vec<(Key<'_>, usize, Vec<&str>)> = Vec::new();
    for departure in departures(subject, published, &parity) {
        let key = key(subject, &departure);
        if let Some((.., rows)) = said.iter_mut().find(|(known, ..)| *known == key && !key.is_empty()) {
            rows.push(&departure.row.row);
            continue;
        }
        said.push((key, messages.len(), Vec::new()));
        messages.push(message(subject, published, &parity, &departure));
    }
    for (_, index, rows) in said.iter().filter(|(.., rows)| !rows.is_empty()) {
        let rows: Vec<String> = rows.iter().map(|row| format!("`{row}`")).collect();
        messages[*index].notes.push(format!("the same in {}", rows.join(", ")));
    }
    found.extend(messages);
    found.extend(extra(subject, &parity));
}

/// Where, and how, a row departs.
type Key<'p> = Vec<(Span, &'p str, &'p str, &'p str)>;

/// Rows with the same key depart for the same reason: a block that all of them call.
fn key<'p>(subject: &Subject<'_>, departure: &Departure<'p>) -> Key<'p> {
    let cell = |cell: &&'p Cell| {
        let (index, slots) = cell.place?;
        let operation = &subject.checked.network().operations[index];
        let span = written(operation, slots).unwrap_or(operation.span);
        Some((span, cell.column.as_str(), cell.published.as_str(), cell.found.as_str()))
    };
    departure.cells.iter().filter_map(cell).collect()
}

fn departures<'p>(subject: &Subject<'_>, published: &Named, parity: &'p Parity) -> Vec<Departure<'p>> {
    let lost: BTreeSet<String> = lost(subject.checked, &published.table).into_iter().map(|lost| lost.row).collect();
    let operations = &subject.checked.network().operations;
    let is_global = |cell: &Cell| {
        cell.column == "patch" && cell.place.is_none_or(|(index, slots)| written(&operations[index], slots).is_none())
    };
    let mut departures = Vec::new();
    let mut before = Before::default();
    for row in &parity.rows {
        let cells = before.own(row, lost.contains(&row.row), &is_global);
        if !cells.is_empty() {
            departures.push(Departure { row, cells });
        }
    }
    for head in &parity.heads {
        let cells: Vec<&Cell> = head.cells.iter().filter(|cell| cell.verdict == Verdict::Differs).collect();
        if !cells.is_empty() {
            departures.push(Departure { row: head, cells });
        }
    }
    departures
}

/// What departs in the row before, and so goes on in the next.
#[derive(Default)]
struct Before {
    channels: bool,
    size: bool,
}

impl Before {
    /// The cells of the next row that depart by themselves; `is_lost` where the pool's rounding explains the size. The window
    /// of a global pool is the map that it reads.
    fn own<'p>(&mut self, row: &'p ParityRow, is_lost: bool, is_global: &impl Fn(&Cell) -> bool) -> Vec<&'p Cell> {
        let differs: Vec<&Cell> = row.cells.iter().filter(|cell| cell.verdict == Verdict::Differs).collect();
        let is_derived =
            |cell: &&Cell| ["output", "depth", "params", "ops"].contains(&cell.column.as_str()) || is_global(cell);
        let (derived, own): (Vec<&Cell>, Vec<&Cell>) = differs.into_iter().partition(is_derived);
        let output = row.cells.iter().find(|cell| cell.column == "output");
        let now = output.map_or(Self { channels: true, size: true }, Self::of);
        let before = std::mem::replace(self, now);
        if !own.is_empty() {
            return own;
        }
        let is_convolution = row.kind == "convolution";
        let has_new_channels = self.channels && (!before.channels || is_convolution);
        let has_new_size = self.size && !before.size && !is_lost;
        let follows = before.channels || before.size || self.channels || self.size;
        let is_own = |cell: &&Cell| match cell.column.as_str() {
            "output" => has_new_channels || has_new_size,
            _ => !follows,
        };
        derived.into_iter().filter(is_own).collect()
    }

    fn of(output: &Cell) -> Self {
        if output.verdict != Verdict::Differs {
            return Self::default();
        }
        let parts = |text: &str| -> (String, String) {
            // A vector is a map of 1x1.
            let (channels, size) = text.split_once('x').unwrap_or((text, "1x1"));
            (channels.to_owned(), size.to_owned())
        };
        let ((wanted, size), (found, found_size)) = (parts(&output.published), parts(&output.found));
        Self { channels: wanted != found, size: size != found_size }
    }
}

fn message(subject: &Subject<'_>, published: &Named, parity: &Parity, departure: &Departure<'_>) -> Diagnostic {
    let Departure { row, cells } = departure;
    let mut diagnostic = Diagnostic::warning(codes::PUBLISHED_ROW, summary(row, cells));
    let mut edits = Vec::new();
    for cell in cells {
        let (span, text, edit) = place(subject, published, parity, row, cell);
        edits.extend(edit);
        // What is wrong at one place is said in one label.
        if let Some(label) = diagnostic.labels.iter_mut().find(|label| label.span == span) {
            label.text = format!("{}, {text}", label.text);
            continue;
        }
        let is_first = diagnostic.labels.is_empty();
        diagnostic = if is_first { diagnostic.at(span, text) } else { diagnostic.see(span, text) };
    }
    diagnostic = diagnostic.note(format!("published: {}", parity.table));
    if let Some(effect) = effect(row, cells) {
        diagnostic = diagnostic.note(effect);
    }
    if edits.len() == cells.len() {
        diagnostic = diagnostic.suggest_all(Suggestion { message: "as published".into(), edits, is_safe: false });
    }
    diagnostic
}

fn summary(row: &ParityRow, cells: &[&Cell]) -> String {
    if let Some(missing) = cells.iter().find(|cell| cell.column == "type") {
        return format!("the published table has a row `{}`, {}, and the network has not", row.row, missing.published);
    }
    let what = if row.kind == "head" { "head" } else { "row" };
    let words: Vec<String> = cells.iter().map(|cell| words(cell)).collect();
    format!("{what} `{}` departs from the published table: {}", row.row, words.join("; "))
}

fn words(cell: &Cell) -> String {
    match (cell.column.as_str(), cell.found.as_str()) {
        ("layers" | "branches", found) => format!("{found} is not published"),
        (column, "absent") => format!("no {column} where {} is published", cell.right),
        (column, found) => format!("{column} {found} instead of {}", cell.right),
    }
}

/// Where a cell's value was written, what is said there, and the edit that makes it the published one.
fn place(
    subject: &Subject<'_>,
    published: &Named,
    parity: &Parity,
    row: &ParityRow,
    cell: &Cell,
) -> (Span, String, Option<Edit>) {
    let network = subject.checked.network();
    let Some((index, slots)) = cell.place else {
        // What is absent is missed behind what stands before it.
        let rows = parity.rows.iter().take_while(|other| other.row != row.row);
        let before = rows.filter_map(|row| row.operation).last().filter(|_| row.kind != "head");
        let span = before.or(row.operation).map_or(published.place, |index| network.operations[index].span);
        let text = if before.is_some() { "comes after this in the table" } else { "is published" };
        return (span, format!("{} {text}", cell.published), None);
    };
    let operation = &network.operations[index];
    let replacement = replacement(cell);
    match written(operation, slots) {
        Some(span) => (span, format!("{replacement} is published"), Some(Edit { span, replacement })),
        None if cell.column == "layers" => (operation.span, "not published".into(), None),
        None => (operation.span, format!("{} is published", cell.right), None),
    }
}

/// The published value as a spec has it.
fn replacement(cell: &Cell) -> String {
    if let Some(percent) = cell.right.strip_suffix('%').and_then(|percent| percent.parse::<f64>().ok()) {
        return (percent / 100.0).to_string();
    }
    match cell.column.as_str() {
        "output" => cell.right.split('x').next().unwrap_or_default().to_owned(),
        _ => cell.right.clone(),
    }
}

/// Where the values of attributes stand side by side, joined by `x` and `/`.
fn written(operation: &Operation, slots: &[&str]) -> Option<Span> {
    let spans = slots.iter().map(|slot| operation.slot(slot).map(|slot| slot.span));
    let spans: Vec<Span> = spans.collect::<Option<Vec<Span>>>()?;
    let mut whole = *spans.first()?;
    for span in spans {
        let is_next = span.source == whole.source && (span.start() == whole.end() + 1 || span.end() == whole.end());
        whole = is_next.then(|| whole.to(span))?;
    }
    Some(whole)
}

/// What comes of it in the same row.
fn effect(row: &ParityRow, own: &[&Cell]) -> Option<String> {
    let is_own = |cell: &Cell| own.iter().any(|other| std::ptr::eq(*other, cell));
    let derived = row.cells.iter().filter(|cell| cell.verdict == Verdict::Differs && !is_own(cell));
    let mut words: Vec<String> = derived
        .map(|cell| {
            let column = match cell.column.as_str() {
                "params" => "weights",
                "ops" => "multiply-adds",
                column => column,
            };
            format!("{column} {} instead of {}", cell.found, cell.right)
        })
        .collect();
    let output = row.cells.iter().find(|cell| cell.column == "output");
    if let Some(output) = output.filter(|cell| cell.verdict == Verdict::Agrees && !words.is_empty()) {
        words.push(format!("the output is {} all the same", output.found));
    }
    (!words.is_empty()).then(|| format!("so it has {}", words.join(", ")))
}

/// Layers that the table does not have.
fn extra(subject: &Subject<'_>, parity: &Parity) -> Vec<Diagnostic> {
    let message = |(words, index): (&String, &usize)| {
        let operation = &subject.checked.network().operations[*index];
        Diagnostic::warning(codes::PUBLISHED_ROW, format!("the published table has no such layer: {words}"))
            .at(operation.span, "one too many")
            .note(format!("published: {}", parity.table))
    };
    parity.extra.iter().zip(&parity.extra_operations).map(message).collect()
}
