//! Files that people write: YAML, with messages that say where.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;

/// Reads `text`, which messages call `name`.
///
/// # Errors
/// When it is no YAML, or says something that a `T` has no place for; the message has the place, and the name that may be meant.
pub fn parse<T: DeserializeOwned>(text: &str, name: &str) -> Result<T> {
    serde_saphyr::from_str(text).map_err(|error| Error::failed(message(&error, text, name)))
}

fn message(error: &serde_saphyr::Error, text: &str, name: &str) -> String {
    let error = error.without_snippet();
    let Some(place) = error.location() else { return format!("`{name}`: {error}") };
    let (line, column) = (place.line(), place.column());
    let said = error.to_string();
    let said = said.strip_suffix(&format!(" at line {line}, column {column}")).unwrap_or(&said);
    let mut message = format!("`{name}`, line {line}, column {column}: {said}");
    if let serde_saphyr::Error::SerdeUnknownField { field: word, expected, .. }
    | serde_saphyr::Error::SerdeUnknownVariant { variant: word, expected, .. } = error
        && let Some(nearest) = nearest(word, expected)
    {
        message += &format!("; did you mean `{nearest}`?");
    }
    let shown = usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?));
    if let Some(shown) = shown.filter(|shown| shown.chars().count() <= 200) {
        let indent = " ".repeat(usize::try_from(column).map_or(0, |column| column.saturating_sub(1)));
        message += &format!("\n  {shown}\n  {indent}^");
    }
    message
}

/// The word that is most like `word`, where one is like it.
fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let similarity = |other: &&str| strsim::normalized_damerau_levenshtein(word, other);
    let best = words.iter().copied().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    best.filter(|other| word.len() <= 100 && similarity(other) >= 0.5)
}
