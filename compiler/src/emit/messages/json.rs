//! Messages as JSON, one object on a line: the messages of a spec, and then its verdict. `docs/checking.md` describes them.

use googlenetc_dsl::diagnostic::{Diagnostic, Label, Suggestion};
use googlenetc_dsl::render;
use googlenetc_dsl::source::{SourceId, Sources, Span};
use serde::Serialize;

use super::{Count, Outcome, Shown, lint};

/// The version of these objects; it grows when a field changes its meaning or goes.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Message(Told<'a>),
    Verdict(Judged<'a>),
}

#[derive(Serialize)]
struct Told<'a> {
    schema_version: u32,
    spec: &'a str,
    code: &'a str,
    lint: Option<&'a str>,
    level: &'a str,
    message: &'a str,
    labels: Vec<Place<'a>>,
    notes: &'a [String],
    helps: &'a [String],
    suggestions: Vec<Patch<'a>>,
    rendered: String,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: Point,
    end: Point,
    primary: bool,
    text: &'a str,
}

/// A byte from zero, and the same place as a line and a column from one.
#[derive(Serialize)]
struct Point {
    byte: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Patch<'a> {
    message: &'a str,
    safe: bool,
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    file: &'a str,
    start: Point,
    end: Point,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Judged<'a> {
    schema_version: u32,
    spec: &'a str,
    verdict: &'a str,
    summary: &'a str,
    errors: usize,
    warnings: usize,
    network: Option<&'a str>,
    parameters: Option<u64>,
    multiply_adds: Option<u64>,
}

/// The messages that are shown of a spec, and its verdict, each an object on a line of its own.
pub fn json(outcome: &Outcome, shown: &Shown<'_>) -> String {
    let messages = shown.diagnostics.iter().map(|diagnostic| Line::Message(message(outcome, diagnostic)));
    let lines = messages.chain([Line::Verdict(verdict(outcome))]);
    // Strings and numbers alone: nothing that could fail to become JSON.
    lines.map(|line| serde_json::to_string(&line).unwrap_or_default() + "\n").collect()
}

fn message<'a>(outcome: &'a Outcome, diagnostic: &'a Diagnostic) -> Told<'a> {
    let sources = &outcome.sources;
    Told {
        schema_version: VERSION,
        spec: &outcome.name,
        code: diagnostic.code,
        lint: lint(diagnostic.code),
        level: diagnostic.severity.name(),
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().map(|label| place(label, sources)).collect(),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        suggestions: diagnostic.suggestions.iter().map(|suggestion| patch(suggestion, sources)).collect(),
        rendered: render::render([diagnostic], sources, false),
    }
}

fn verdict(outcome: &Outcome) -> Judged<'_> {
    let Count { errors, warnings } = Count::of(&outcome.diagnostics);
    let network = outcome.network.as_ref();
    Judged {
        schema_version: VERSION,
        spec: &outcome.name,
        verdict: outcome.verdict.name(),
        summary: &outcome.summary,
        errors,
        warnings,
        network: network.map(|network| network.name.as_str()),
        parameters: network.map(|network| network.parameters),
        multiply_adds: network.map(|network| network.multiply_adds),
    }
}

fn place<'a>(label: &'a Label, sources: &'a Sources) -> Place<'a> {
    let (file, start, end) = points(label.span, sources);
    Place { file, start, end, primary: label.primary, text: &label.text }
}

fn patch<'a>(suggestion: &'a Suggestion, sources: &'a Sources) -> Patch<'a> {
    let edits = suggestion.edits.iter().map(|edit| {
        let (file, start, end) = points(edit.span, sources);
        Change { file, start, end, replacement: &edit.replacement }
    });
    Patch { message: &suggestion.message, safe: suggestion.is_safe, edits: edits.collect() }
}

fn points(span: Span, sources: &Sources) -> (&str, Point, Point) {
    let (source, start, end) = (span.source, span.start(), span.end());
    (&sources.get(source).name, point(source, start, sources), point(source, end, sources))
}

fn point(source: SourceId, byte: usize, sources: &Sources) -> Point {
    let position = sources.position(source, byte);
    Point { byte, line: position.line, column: position.column }
}
