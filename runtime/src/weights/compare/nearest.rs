//! Which key was probably meant.

use super::Entry;
use std::collections::BTreeMap;

/// Similarities are between 0 and 1. Keys of the same shape are believed sooner.
const SIMILAR: f64 = 0.6;
const VERY_SIMILAR: f64 = 0.8;

/// No more keys than this are looked at, and none that is longer, so that a hostile file costs no time.
const MOST_KEYS: usize = 2000;
const LONGEST_KEY: usize = 200;

/// The key among `left` that is most like `key`, where one is like it: similar and of the same `shape`, alone of this shape,
/// or very similar.
pub(super) fn nearest(key: &str, shape: &[usize], left: &BTreeMap<&str, &Entry>) -> Option<String> {
    let candidates = left.iter().filter(|(other, _)| other.len() <= LONGEST_KEY).take(MOST_KEYS);
    let (mut of_shape, mut of_any) = (Vec::new(), Vec::new());
    for (other, entry) in candidates {
        let similarity = strsim::normalized_damerau_levenshtein(key, other);
        let list = if entry.shape == shape { &mut of_shape } else { &mut of_any };
        list.push((similarity, *other));
    }
    let best = |list: &[(f64, &str)]| {
        list.iter()
            .copied()
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(similarity, other)| (similarity, other.to_owned()))
    };
    let alone = of_shape.len() == 1;
    best(&of_shape)
        .filter(|(similarity, _)| alone || *similarity >= SIMILAR)
        .or_else(|| best(&of_any).filter(|(similarity, _)| *similarity >= VERY_SIMILAR))
        .map(|(_, other)| other)
}
