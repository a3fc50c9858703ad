//! `check --fix`: applies the suggestions beside which nothing else can have been meant, to texts in memory.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{Diagnostic, Edit, Suggestion};
use googlenetc_dsl::edits;
use googlenetc_dsl::source::SourceId;

use crate::messages::Count;
use crate::pipeline::Compilation;

/// Mending one thing can show the next; more often than this nobody goes on.
const ROUNDS: usize = 16;

/// How many suggestions are tried one by one, when all of them together make things worse.
const TRIES: usize = 16;

/// Texts that take the places of those that were read, by what messages call them.
pub(crate) type Texts = BTreeMap<String, String>;

/// What came of mending a spec.
pub(crate) struct Mended {
    /// The spec with its new texts, and what is still to be said about it.
    pub(crate) compilation: Compilation,
    /// The new texts.
    pub(crate) texts: Texts,
    /// How many suggestions were applied.
    pub(crate) applied: usize,
}

/// Mends a spec that `compile` compiles with some texts exchanged. With the compilation comes which of its sources may be
/// changed.
///
/// The new texts never have more errors than the old ones.
pub(crate) fn mend(mut compile: impl FnMut(&Texts) -> (Compilation, Vec<SourceId>)) -> Mended {
    let texts = Texts::new();
    let (compilation, mut changeable) = compile(&texts);
    let mut mended = Mended { compilation, texts, applied: 0 };
    for _ in 0..ROUNDS {
        let chosen = edits::choose(&mended.compilation.diagnostics, &changeable);
        let one_by_one = chosen.iter().take(TRIES).map(|suggestion| vec![*suggestion]);
        let mut attempts = std::iter::once(chosen.clone()).filter(|all| all.len() != 1).chain(one_by_one);
        let errors = Count::of(&mended.compilation.diagnostics).errors;
        let better = attempts.find_map(|suggestions| {
            let texts = edited(&mended, &suggestions)?;
            let (compilation, sources) = compile(&texts);
            let is_better = Count::of(&compilation.diagnostics).errors <= errors;
            is_better.then_some((compilation, texts, suggestions.len(), sources))
        });
        let Some((compilation, texts, applied, sources)) = better else { break };
        changeable = sources;
        mended = Mended { compilation, texts, applied: mended.applied + applied };
    }
    mended
}

/// The texts after these suggestions; `None` when they change nothing.
fn edited(mended: &Mended, suggestions: &[&Suggestion]) -> Option<Texts> {
    let mut edits: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
    for edit in suggestions.iter().flat_map(|suggestion| &suggestion.edits) {
        edits.entry(edit.span.source).or_default().push(edit);
    }
    let mut texts = mended.texts.clone();
    let mut changed = false;
    for (source, edits) in edits {
        let source = mended.compilation.sources.get(source);
        let text = edits::apply(&source.text, &edits)?;
        changed |= text != source.text;
        texts.insert(source.name.clone(), text);
    }
    changed.then_some(texts)
}

/// `fixed 2 of 3 messages in net.yaml and blocks.yaml`; the third is still there.
pub(crate) fn words(applied: usize, left: &[Diagnostic], files: &[&str]) -> String {
    let all = applied + left.len();
    let plural = if all == 1 { "" } else { "s" };
    format!("fixed {applied} of {all} message{plural} in {}", files.join(" and "))
}

#[cfg(test)]
mod tests {
    use googlenetc_dsl::diagnostic::Diagnostic;
    use googlenetc_dsl::source::{Sources, Span};

    use super::{Texts, mend};
    use crate::pipeline::Compilation;

    /// Compiles with a language of its own: every `a` is an error that becomes `b`, every `b` one that becomes `c`, `x` becomes
    /// three errors, `y` becomes a `y`.
    fn compilation(text: &str) -> Compilation {
        let mut sources = Sources::new();
        let main = sources.add("text", text);
        let mended = |letter| match letter {
            'a' => Some("b"),
            'b' => Some("c"),
            'x' => Some("aaa"),
            'y' => Some("y"),
            _ => None,
        };
        let diagnostics = text.char_indices().filter_map(|(index, letter)| {
            let span = Span::new(main, index, index + 1);
            Some(Diagnostic::error("E0999", "wrong").at(span, "").fix("mend", span, mended(letter)?))
        });
        Compilation { diagnostics: diagnostics.collect(), sources, main, network: None, published: None, library: None }
    }

    fn mended(text: &str) -> (String, usize, usize) {
        let mut most = 0;
        let compile = |texts: &Texts| {
            let compilation = compilation(texts.get("text").map_or(text, String::as_str));
            most = most.max(compilation.diagnostics.len());
            let sources = vec![compilation.main];
            (compilation, sources)
        };
        let mended = mend(compile);
        let text = mended.texts.get("text").cloned().unwrap_or_else(|| text.to_owned());
        (text, mended.applied, mended.compilation.diagnostics.len())
    }

    #[test]
    fn what_shows_after_mending_is_mended_too() {
        assert_eq!(mended("-a-b-"), ("-c-c-".into(), 3, 0));
        assert_eq!(mended("---"), ("---".into(), 0, 0));
    }

    #[test]
    fn what_makes_more_errors_is_not_done() {
        assert_eq!(mended("x"), ("x".into(), 0, 1));
        // Together they make three errors of two; alone the second makes none.
        assert_eq!(mended("xb"), ("xc".into(), 1, 1));
    }

    #[test]
    fn what_changes_nothing_ends() {
        assert_eq!(mended("y"), ("y".into(), 0, 1));
        assert_eq!(mended("yb"), ("yc".into(), 2, 1));
    }
}
