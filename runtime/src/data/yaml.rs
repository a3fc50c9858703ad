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
    let Some(place) = error.without_snippet().location() else { return format!("`{name}`: {}", reason(error)) };
    let (line, column) = (place.line(), place.column());
    let mut message = format!("`{name}`, line {line}, column {column}: {}", reason(error));
    let shown = usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?));
    if let Some(shown) = shown.filter(|shown| shown.chars().count() <= 200) {
        let indent = " ".repeat(usize::try_from(column).map_or(0, |column| column.saturating_sub(1)));
        message += &format!("\n  {shown}\n  {indent}^");
    }
    message
}

/// What is wrong, without the place.
pub(crate) fn reason(error: &serde_saphyr::Error) -> String {
    let error = error.without_snippet();
    if let serde_saphyr::Error::InvalidScalar { ty, .. } = error {
        return wanted(ty);
    }
    let mut reason = error.to_string();
    if let Some(place) = error.location() {
        let place = format!(" at line {}, column {}", place.line(), place.column());
        reason.truncate(reason.strip_suffix(&place).unwrap_or(&reason).len());
    }
    if let serde_saphyr::Error::SerdeUnknownField { field: word, expected, .. }
    | serde_saphyr::Error::SerdeUnknownVariant { variant: word, expected, .. } = error
        && let Some(nearest) = nearest(word, expected)
    {
        reason += &format!("; did you mean `{nearest}`?");
    }
    reason
}

/// What is to stand where there is something else, of a type as Rust calls it.
fn wanted(ty: &str) -> String {
    match ty {
        "boolean" => "must be true or false".to_owned(),
        "floating point" | "f32" | "f64" => "must be a number".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "i128" => "must be a whole number".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "u128" => "must be a whole number, and not below 0".to_owned(),
        other => format!("invalid {other}"),
    }
}

/// Words that other tools have for keys of files like these.
const ELSEWHERE: [(&str, &str); 14] = [
    ("lr", "learning_rate"),
    ("base_lr", "learning_rate"),
    ("num_epochs", "epochs"),
    ("max_epochs", "epochs"),
    ("max_iter", "steps"),
    ("num_workers", "workers"),
    ("lr_scheduler", "schedule"),
    ("scheduler", "schedule"),
    ("lr_policy", "schedule"),
    ("amp", "precision"),
    ("dtype", "precision"),
    ("ema", "averaging"),
    ("grad_clip", "clip"),
    ("transforms", "images"),
];

/// The word that means what `word` means elsewhere, or else is most like it, where one is like it.
pub(crate) fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let word = &word.to_ascii_lowercase();
    let here = ELSEWHERE.iter().find(|(elsewhere, _)| elsewhere == word).map(|(_, here)| *here);
    if let Some(meant) = words.iter().copied().find(|other| Some(*other) == here) {
        return Some(meant);
    }
    let similarity = |other: &&str| strsim::normalized_damerau_levenshtein(word, other);
    let best = words.iter().copied().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    best.filter(|other| word.len() <= 100 && similarity(other) >= 0.5)
}
