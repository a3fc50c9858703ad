//! "Did you mean": the known word nearest to an unknown one.

/// No word that anybody means is longer; comparing takes time and memory as the product of both lengths.
const LONGEST: usize = 100;

/// More candidates than anybody has written by hand, so that none of them need be meant.
const MOST: usize = 500;

/// In a shorter word one letter is too much of it to be sure.
const SHORTEST: usize = 4;

/// A known word that an unknown one may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess<'a> {
    /// The known word.
    pub word: &'a str,
    /// Whether nothing else can have been meant: no other candidate is as near, and one letter is wrong, missing or too many,
    /// or two have changed places; or else only capitals and joints differ, as in `LeakyReLU` for `leaky-relu`. Digits tell
    /// names apart, so a guess that changes one is never sure.
    pub is_sure: bool,
    /// Whether no other candidate is as near.
    pub is_alone: bool,
}

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is a third of the word's length in edits, a swap of neighbours counting as one, and at least one edit; or else
/// a longer or shorter form of the word, such as `drop` for `dropout`. Of equally near candidates the first wins.
pub fn guess<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Guess<'a>> {
    if word.len() > LONGEST {
        return None;
    }
    let candidates: Vec<&str> = candidates.into_iter().take(MOST).collect();
    let bare_word = bare(word);
    let is_spelt_otherwise =
        |candidate: &&&str| bare_word.len() <= candidate.len() && bare(candidate) == bare_word && **candidate != word;
    let spelt_otherwise = only(candidates.iter().filter(is_spelt_otherwise));
    if let Some(candidate) = spelt_otherwise {
        return Some(Guess { word: candidate, is_sure: true, is_alone: true });
    }
    within_edits(word, &candidates).or_else(|| {
        let form = candidates.into_iter().find(|candidate| is_form_of(word, candidate))?;
        Some(Guess { word: form, is_sure: false, is_alone: false })
    })
}

/// The word of a [`guess`].
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    guess(word, candidates).map(|guess| guess.word)
}

/// The word without capitals, and without what joins its parts: other tools write `LeakyReLU` or `leaky_relu`.
pub fn bare(word: &str) -> String {
    word.chars()
        .take(LONGEST)
        .filter(|character| !"_-.".contains(*character))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

fn within_edits<'a>(word: &str, candidates: &[&'a str]) -> Option<Guess<'a>> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let near: Vec<(usize, &str)> = candidates
        .iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|&(distance, candidate)| distance > 0 && distance <= limit && distance < candidate.chars().count())
        .collect();
    let &(least, candidate) = near.iter().min_by_key(|(distance, _)| *distance)?;
    let is_alone = near.iter().filter(|(distance, _)| *distance == least).count() == 1;
    let is_long = word.chars().count().min(candidate.chars().count()) >= SHORTEST;
    let is_sure = least == 1 && is_alone && is_long && digits(word) == digits(candidate);
    Some(Guess { word: candidate, is_sure, is_alone })
}

fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

fn only<'a, 'b: 'a>(mut words: impl Iterator<Item = &'a &'b str>) -> Option<&'b str> {
    let first = words.next()?;
    words.next().is_none().then_some(*first)
}

/// Whether one is the beginning of the other, and long enough to say so.
fn is_form_of(word: &str, candidate: &str) -> bool {
    let short = word.len().min(candidate.len());
    short >= 3 && word != candidate && (word.starts_with(candidate) || candidate.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::{Guess, guess, nearest};

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

    #[test]
    fn a_guess_is_sure_when_nothing_else_can_be_meant() {
        let sure = |word, known: &[&'static str]| guess(word, known.iter().copied()).filter(|guess| guess.is_sure);
        for (word, known, meant) in [
            ("celi", &["ceil", "pad"][..], "ceil"),
            ("inceptoin", &["inception", "residual"], "inception"),
            ("traning", &["training", "always"], "training"),
            ("LeakyReLU", &["relu", "leaky-relu"], "leaky-relu"),
            ("Conv", &["conv", "convs"], "conv"),
            ("n3x3", &["n_3x3"], "n_3x3"),
        ] {
            assert_eq!(sure(word, known), Some(Guess { word: meant, is_sure: true, is_alone: true }), "{word}");
        }
        for (word, known) in [
            // Another number is another thing, and so is another word as near.
            ("conv2", &["conv1"][..]),
            ("pool", &["pool1"]),
            ("belu", &["relu", "gelu"]),
            ("pda", &["pad"]),
            ("padding", &["pad"]),
            ("incepton2", &["inception"]),
            ("relu", &["ReLU", "RELU"]),
        ] {
            assert_eq!(sure(word, known), None, "{word}");
        }
    }
}
