//! "Did you mean": the known word nearest to an unknown one.

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is a third of the word's length in edits, a swap of neighbours counting as one, and at least one edit.
/// Of equally near candidates the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance > 0 && distance <= limit && distance < candidate.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}
