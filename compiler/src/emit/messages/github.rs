//! Messages as GitHub's workflow commands, which become annotations beside the lines of a pull request.

use std::fmt::Write as _;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Sources;

use super::{Outcome, Shown, Verdict};

/// A command for each message, `::error file=net.yaml,line=3,...::...`.
pub fn github(outcome: &Outcome, shown: &Shown<'_>) -> String {
    if outcome.verdict == Verdict::Unreadable {
        return format!("::error title=googlenetc::{}\n", data(&outcome.summary));
    }
    shown.diagnostics.iter().map(|diagnostic| command(diagnostic, &outcome.sources)).collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut text = diagnostic.message.clone();
    for label in diagnostic.labels.iter().filter(|label| label.primary && !label.text.is_empty()) {
        text.push_str(&format!("\n{}", label.text));
    }
    let notes = diagnostic.notes.iter().map(|note| ("note", note));
    let helps = diagnostic.helps.iter().chain(diagnostic.suggestions.iter().map(|suggestion| &suggestion.message));
    for (word, line) in notes.chain(helps.map(|help| ("help", help))) {
        text.push_str(&format!("\n{word}: {line}"));
    }
    let title = format!("{}[{}]", diagnostic.severity.name(), diagnostic.code);
    let place = place(diagnostic, sources);
    format!("::{} {place}title={}::{}\n", diagnostic.severity.name(), property(&title), data(&text))
}

/// The properties that say where the message stands. Columns are only understood within one line.
fn place(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Some(span) = diagnostic.span() else { return String::new() };
    let start = sources.position(span.source, span.start());
    let end = sources.position(span.source, span.end());
    let file = property(&sources.get(span.source).name);
    let mut place = format!("file={file},line={},endLine={},", start.line, end.line);
    if start.line == end.line {
        // A string takes no failure.
        _ = write!(place, "col={},endColumn={},", start.column, end.column);
    }
    place
}

/// What stands behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use googlenetc_dsl::diagnostic::Diagnostic;
    use googlenetc_dsl::source::{Sources, Span};

    use super::command;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let mut sources = Sources::new();
        let id = sources.add("50%,a:b.yaml", "größe: 1\nb\n");
        let message = Diagnostic::warning("W0999", "100% wrong: a, b").at(Span::new(id, 0, 7), "see\nhere").note("x");
        assert_eq!(
            command(&message, &sources),
            "::warning file=50%25%2Ca%3Ab.yaml,line=1,endLine=1,col=1,endColumn=6,title=warning[W0999]::\
             100%25 wrong: a, b%0Asee%0Ahere%0Anote: x\n"
        );
        let two_lines = Diagnostic::error("E0999", "long").at(Span::new(id, 0, 12), "");
        assert_eq!(
            command(&two_lines, &sources),
            "::error file=50%25%2Ca%3Ab.yaml,line=1,endLine=2,title=error[E0999]::long\n"
        );
        assert_eq!(command(&Diagnostic::error("E0999", "nowhere"), &sources), "::error title=error[E0999]::nowhere\n");
    }
}
