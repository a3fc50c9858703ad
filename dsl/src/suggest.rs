//! "Did you mean": the known word nearest to an unknown one.

/// No word that anybody means is longer; comparing takes time and memory as the product of both lengths.
const LONGEST: usize = 100;

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is a third of the word's length in edits, a swap of neighbours counting as one, and at least one edit; or else
/// a longer or shorter form of the word, such as `pad` for `padding`. Of equally near candidates the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let candidates: Vec<&str> = candidates.into_iter().collect();
    within_edits(word, &candidates).or_else(|| candidates.into_iter().find(|candidate| is_form_of(word, candidate)))
}

fn within_edits<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|&(distance, candidate)| distance > 0 && distance <= limit && distance < candidate.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Whether one is the beginning of the other, and long enough to say so.
fn is_form_of(word: &str, candidate: &str) -> bool {
    let short = word.len().min(candidate.len());
    short >= 3 && word != candidate && (word.starts_with(candidate) || candidate.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["heads", "blocks", "body", "table"];
        assert_eq!(nearest("haeds", known), Some("heads"));
        assert_eq!(nearest("block", known), Some("blocks"));
        assert_eq!(nearest("bdy", known), Some("body"));
        assert_eq!(nearest("padding", ["global", "pad", "ceil"]), Some("pad"));
        assert_eq!(nearest("drop", ["conv", "dropout"]), Some("dropout"));
        assert_eq!(nearest("pa", ["pad_all"]), None);
        assert_eq!(nearest("layers", known), None);
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("heads", known), None);
        assert_eq!(nearest(&"heads".repeat(1_000_000), known), None);
    }
}
