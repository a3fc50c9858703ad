//! Parts of a network that learn at rates of their own, or not at all.

use super::range;
use crate::error::{Error, Result};
use crate::network::Rates;
use crate::variables::in_order;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tch::nn::VarStore;

/// What the rates of a part of the network are multiplied by, on top of what the spec says of its variables.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StageRates {
    /// Factor of the learning rate.
    #[serde(deserialize_with = "range::not_negative")]
    pub lr: f64,
    /// Factor of the weight decay.
    #[serde(deserialize_with = "range::not_negative")]
    pub decay: f64,
}

impl Default for StageRates {
    fn default() -> Self {
        Self { lr: 1.0, decay: 1.0 }
    }
}

/// Parts of a network and their factors. A part is named by the beginning of its variables' paths, whole words of it, in which
/// `*` stands for any letters: `conv1`, `inception4a.branch2`, `inception3*`. Where two parts hold a variable, the one with the
/// longer name counts.
pub type Stages = BTreeMap<String, StageRates>;

/// Keeps the variables of these parts of the network in `store` as they are: they get no gradient any more.
///
/// # Errors
/// When the network has no such part.
pub fn freeze(store: &VarStore, parts: &[String]) -> Result<()> {
    known(store, parts.iter().map(String::as_str))?;
    for (name, variable) in in_order(store) {
        if parts.iter().any(|part| is_in(part, &name)) && variable.requires_grad() {
            let _ = variable.set_requires_grad(false);
        }
    }
    Ok(())
}

/// Whether all these are parts of the network in `store`.
///
/// # Errors
/// When one is not; the message has the name that may be meant.
pub(super) fn known<'a>(store: &VarStore, parts: impl Iterator<Item = &'a str>) -> Result<()> {
    let names: Vec<String> = store.variables().into_keys().collect();
    for part in parts {
        if names.iter().any(|name| is_in(part, name)) {
            continue;
        }
        let all: BTreeSet<&str> = names.iter().flat_map(|name| beginnings(name)).collect();
        let likeness = |name: &&str| strsim::normalized_damerau_levenshtein(part, name);
        let nearest = all.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let hint = match nearest.filter(|name| likeness(name) >= 0.5) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`summary` lists them".to_owned(),
        };
        return Err(Error::failed(format!("the network has no part `{part}`; {hint}")));
    }
    Ok(())
}

/// The factors of the variable of this name.
pub(super) fn factors(stages: &Stages, name: &str) -> Rates {
    let found = stages.iter().filter(|(part, _)| is_in(part, name)).max_by_key(|(part, _)| part.len());
    let StageRates { lr, decay } = found.map_or_else(StageRates::default, |(_, rates)| *rates);
    Rates { lr, decay }
}

/// `a`, `a.b` and `a.b.c` of `a.b.c`.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
    ends.filter_map(|end| name.get(..end))
}

fn is_in(part: &str, name: &str) -> bool {
    let mut words = name.split('.');
    part.split('.').all(|pattern| words.next().is_some_and(|word| matches(pattern, word)))
}

/// Whether `word` is `pattern`, in which `*` stands for any letters.
fn matches(pattern: &str, word: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == word };
    let Some(mut word) = word.strip_prefix(begin) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(place) = word.find(piece) else { return false };
        word = word.get(place + piece.len()..).unwrap_or_default();
    }
    word.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn parts_are_whole_words() {
        for (part, name) in [
            ("conv1", "conv1.conv.weight"),
            ("conv1.conv", "conv1.conv.weight"),
            ("inception3*", "inception3a.branch1.conv.bias"),
            ("*3*.branch*", "inception3a.branch1.conv.bias"),
            ("i*n3*a", "inception3a.branch1.conv.bias"),
            ("*", "fc.weight"),
        ] {
            assert!(is_in(part, name), "{part} {name}");
        }
        for (part, name) in [
            ("conv1", "conv10.weight"),
            ("conv", "conv1.weight"),
            ("inception3*", "inception4a.weight"),
            ("conv1.weight.x", "conv1.weight"),
            ("a*a", "a.weight"),
            ("", "conv1.weight"),
        ] {
            assert!(!is_in(part, name), "{part} {name}");
        }
    }
}
