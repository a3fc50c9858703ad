//! Messages as SARIF 2.1.0, the format of OASIS that code scanning services read. One document for all specs.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Label, Severity, Suggestion};
use googlenetc_dsl::source::{SourceId, Sources, Span};
use serde_json::{Value, json};

use super::{Outcome, Shown, Verdict};
use crate::explain;
use crate::lints::Level;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All messages of specs that were checked, and notes about those that could not be read.
pub fn sarif(outcomes: &[(&Outcome, Shown<'_>)]) -> String {
    let rules = rules(outcomes);
    let results = outcomes.iter().flat_map(|(outcome, shown)| {
        shown.diagnostics.iter().map(|diagnostic| result(diagnostic, &outcome.sources, &rules))
    });
    let unreadable = outcomes.iter().filter(|(outcome, _)| outcome.verdict == Verdict::Unreadable);
    let notifications: Vec<Value> =
        unreadable.map(|(outcome, _)| json!({"level": "error", "message": {"text": outcome.summary}})).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "googlenetc",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.values().map(|(_, rule)| rule).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    format!("{document:#}\n")
}

/// The rules that messages were made by, in order, each with its index.
type Rules = BTreeMap<&'static str, (usize, Value)>;

fn rules(outcomes: &[(&Outcome, Shown<'_>)]) -> Rules {
    let mut codes: Vec<&'static str> =
        outcomes.iter().flat_map(|(_, shown)| shown.diagnostics.iter().map(|diagnostic| diagnostic.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().enumerate().map(|(index, code)| (code, (index, rule(code)))).collect()
}

fn rule(code: &'static str) -> Value {
    let mut rule = json!({"id": code});
    if let Ok(explanation) = explain::find(code) {
        rule["shortDescription"] = json!({"text": explanation.code.summary});
        rule["help"] = json!({"text": explanation.plain(), "markdown": explanation.code.text});
        if let Some(lint) = explanation.lint {
            rule["name"] = json!(lint.name);
            rule["fullDescription"] = json!({"text": lint.reason});
            rule["defaultConfiguration"] = json!({"enabled": lint.level != Level::Allow, "level": level(lint.level)});
        }
    }
    rule
}

/// What a lint's findings are by default, if it looks for any.
fn level(level: Level) -> &'static str {
    match level {
        Level::Allow | Level::Warn => Severity::Warning.name(),
        Level::Deny => Severity::Error.name(),
    }
}

fn result(diagnostic: &Diagnostic, sources: &Sources, rules: &Rules) -> Value {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let helps = diagnostic.helps.iter().map(|help| format!("\nhelp: {help}"));
    let text: String = std::iter::once(diagnostic.message.clone()).chain(notes).chain(helps).collect();
    let main = diagnostic.labels.iter().position(|label| label.primary).unwrap_or(0);
    let (main, related): (Vec<_>, Vec<_>) = diagnostic.labels.iter().enumerate().partition(|(index, _)| *index == main);
    let locations = |labels: Vec<(usize, &Label)>| -> Vec<Value> {
        labels.into_iter().map(|(_, label)| location(label, sources)).collect()
    };
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": diagnostic.severity.name(),
        "message": {"text": text},
        "locations": locations(main),
        "relatedLocations": locations(related),
        "fixes": diagnostic.suggestions.iter().map(|suggestion| fix(suggestion, sources)).collect::<Vec<_>>(),
    });
    if let Some((index, _)) = rules.get(diagnostic.code) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn location(label: &Label, sources: &Sources) -> Value {
    let mut location = json!({"physicalLocation": {
        "artifactLocation": artifact(label.span.source, sources),
        "region": region(label.span, sources),
    }});
    if !label.text.is_empty() {
        location["message"] = json!({"text": label.text});
    }
    location
}

fn fix(suggestion: &Suggestion, sources: &Sources) -> Value {
    let mut edits: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
    for edit in &suggestion.edits {
        edits.entry(edit.span.source).or_default().push(edit);
    }
    let changes = edits.into_iter().map(|(source, edits)| {
        let replacements = edits.into_iter().map(|edit| {
            json!({
                "deletedRegion": region(edit.span, sources),
                "insertedContent": {"text": edit.replacement},
            })
        });
        json!({
            "artifactLocation": artifact(source, sources),
            "replacements": replacements.collect::<Vec<_>>(),
        })
    });
    json!({
        "description": {"text": suggestion.message},
        "artifactChanges": changes.collect::<Vec<_>>(),
        "properties": {"safe": suggestion.is_safe},
    })
}

/// The end is the place after the last character, as in a [`Span`].
fn region(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.position(span.source, span.start()), sources.position(span.source, span.end()));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start(),
        "byteLength": span.end().saturating_sub(span.start()),
    })
}

fn artifact(source: SourceId, sources: &Sources) -> Value {
    json!({"uri": uri(&sources.get(source).name)})
}

/// A path as a reference that RFC 3986 allows: an absolute one as a `file` URI, a relative one without what could be taken
/// for a scheme.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_become_uris() {
        for (name, expected) in [
            ("specs/net.yaml", "specs/net.yaml"),
            ("../a b/größe.yaml", "../a%20b/gr%C3%B6%C3%9Fe.yaml"),
            ("/tmp/net.yaml", "file:///tmp/net.yaml"),
            ("<stdin>", "%3Cstdin%3E"),
            ("a:b#c?.yaml", "a%3Ab%23c%3F.yaml"),
        ] {
            assert_eq!(uri(name), expected);
        }
    }
}
