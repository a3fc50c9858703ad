//! A spec in its canonical layout, in either syntax, with every comment.
//!
//! The tree becomes parts (`part`) of one syntax or the other; comments find their parts by their places
//! (`attach`); parts become lines (`layout`). The result is read again before anybody gets it: it says the same, and
//! holds the same comments, or there is a message instead.

mod attach;
mod group;
mod layout;
mod origin;
mod part;
mod statements;
mod table;
mod text;
mod value;
mod yaml;

use crate::comment::Comment;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::source::{SourceId, Sources};
use crate::tree::Spec;
use crate::{Syntax, codes, parse, parse_with_words};
use origin::Origin;
use part::{Content, Part};

/// Formats the source `id`, which is written in the syntax `from`, in the syntax `to`.
///
/// Line ends are the source's: if its first one is Windows's, all are. A byte order mark is dropped. Formatting what has
/// been formatted changes nothing.
///
/// # Errors
///
/// The messages about a source with mistakes, or about one that the syntax `to` cannot say.
pub fn format(sources: &Sources, id: SourceId, from: Syntax, to: Syntax) -> Result<String, Vec<Diagnostic>> {
    let (parsed, words) = parse_with_words(sources, id, from);
    let spec = match parsed.spec {
        Some(spec) if !has_errors(&parsed.diagnostics) => spec,
        _ => return Err(parsed.diagnostics),
    };
    let source = &sources.get(id).text;
    let lines = print(&spec, &parsed.comments, &Origin::new(source, from, &words), to);
    let text: String = lines.iter().map(String::as_str).flat_map(|line| [line, "\n"]).collect();
    verify(&spec, &parsed.comments, &text, to).map_err(|what| vec![refusal(&what, id, to)])?;
    let is_windows = source.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    Ok(if is_windows { text.replace('\n', "\r\n") } else { text })
}

fn print(spec: &Spec, comments: &[Comment], origin: &Origin<'_>, to: Syntax) -> Vec<String> {
    let mut parts = match to {
        Syntax::Yaml => yaml::parts(spec, origin),
        Syntax::Text => text::parts(spec, origin),
    };
    if origin.syntax == Syntax::Yaml {
        parts = group::everywhere(parts, origin);
    }
    let mut end = attach::attach(&mut parts, comments, origin);
    match (origin.syntax, to) {
        (Syntax::Text, Syntax::Yaml) => parts = group::everywhere(parts, origin),
        (Syntax::Yaml, Syntax::Text) => parts = group::dissolve_everywhere(parts, &mut end),
        (Syntax::Yaml, Syntax::Yaml) | (Syntax::Text, Syntax::Text) => {}
    }
    arrange(&mut parts);
    layout::lines(&parts, &end, to)
}

/// Puts parts into the order in which they are written.
fn arrange(parts: &mut [Part]) {
    parts.sort_by_key(|part| part.rank);
    for part in parts {
        if let Content::Parts(_, children) = &mut part.content {
            arrange(children);
        }
    }
}

/// Reads the result again. `Err` says what is not as it was.
fn verify(spec: &Spec, comments: &[Comment], text: &str, syntax: Syntax) -> Result<(), String> {
    let mut sources = Sources::new();
    let id = sources.add("formatted", text);
    let parsed = parse(&sources, id, syntax);
    if let Some(diagnostic) = parsed.diagnostics.first() {
        return Err(diagnostic.message.clone());
    }
    if parsed.spec.as_ref() != Some(spec) {
        return Err("it would say something else".to_owned());
    }
    if sorted(&parsed.comments) != sorted(comments) {
        return Err("a comment has no place there".to_owned());
    }
    Ok(())
}

fn sorted(comments: &[Comment]) -> Vec<&str> {
    let mut texts: Vec<&str> = comments.iter().map(|comment| comment.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

fn refusal(what: &str, id: SourceId, to: Syntax) -> Diagnostic {
    let language = match to {
        Syntax::Yaml => "YAML",
        Syntax::Text => "the text language",
    };
    let span = crate::source::Span::new(id, 0, 0);
    Diagnostic::error(codes::INEXPRESSIBLE, format!("this spec cannot be written in {language}: {what}")).at(span, "")
}
