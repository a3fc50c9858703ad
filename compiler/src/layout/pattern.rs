//! Patterns of names, in which `$name` stands for text that differs.

use std::collections::{BTreeMap, BTreeSet};

/// Words that a placeholder may stand for, and what the key has in their place.
pub(crate) type Words = BTreeMap<String, String>;

/// A name with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder { name: String, words: Option<Words> },
}

/// What each placeholder becomes in the key.
pub(crate) type Texts = BTreeMap<String, String>;

impl Pattern {
    /// Reads `inception$row.$`; a placeholder's name is letters, digits and `_`, and may be empty.
    pub(crate) fn read(text: &str, words: &BTreeMap<String, Words>) -> Self {
        let mut parts = Vec::new();
        let mut pieces = text.split('$');
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        parts.extend(pieces.next().filter(|text| !text.is_empty()).map(|text| Part::Text(text.into())));
        for piece in pieces {
            let (name, rest) = piece.split_at(piece.find(|c| !is_name(c)).unwrap_or(piece.len()));
            parts.push(Part::Placeholder { name: name.into(), words: words.get(name).cloned() });
            if !rest.is_empty() {
                parts.push(Part::Text(rest.into()));
            }
        }
        Self(parts)
    }

    /// The names of its placeholders, in order.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Placeholder { name, .. } => Some(name.as_str()),
        })
    }

    /// What the placeholders become, if the whole of `name` fits. Of several ways in which it does, the one whose
    /// earlier placeholders take more.
    pub(crate) fn texts(&self, name: &str) -> Option<Texts> {
        let mut texts = Texts::new();
        fits(&self.0, name, &mut texts, &mut BTreeSet::new()).then_some(texts)
    }

    /// The name with every placeholder filled in.
    pub(crate) fn fill(&self, texts: &Texts) -> String {
        let fill = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Placeholder { name, .. } => texts.get(name).cloned().unwrap_or_default(),
        };
        self.0.iter().map(fill).collect()
    }
}

/// Ends of the pattern that are known not to fit ends of the name, by their lengths; without them, trying would take
/// time without bound.
type Failed = BTreeSet<(usize, usize)>;

fn fits(parts: &[Part], name: &str, texts: &mut Texts, failed: &mut Failed) -> bool {
    let Some((first, rest)) = parts.split_first() else { return name.is_empty() };
    if failed.contains(&(parts.len(), name.len())) {
        return false;
    }
    let found = match first {
        Part::Text(text) => name.strip_prefix(text.as_str()).is_some_and(|name| fits(rest, name, texts, failed)),
        Part::Placeholder { name: placeholder, words } => {
            let ends = name.char_indices().map(|(start, character)| start + character.len_utf8()).rev();
            let found = ends.map(|end| name.split_at(end)).find_map(|(taken, name)| {
                let text = match words {
                    None => taken,
                    Some(words) => words.get(taken)?,
                };
                fits(rest, name, texts, failed).then_some(text)
            });
            found.map(|text| texts.insert(placeholder.clone(), text.into())).is_some()
        }
    };
    if !found {
        failed.insert((parts.len(), name.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Words};
    use std::collections::BTreeMap;

    fn key(pattern: &str, key: &str, name: &str) -> Option<String> {
        let branches = [("branch1", "Y1"), ("branch2.0", "Y2.0")];
        let branches: Words = branches.iter().map(|(from, to)| ((*from).into(), (*to).into())).collect();
        let words = BTreeMap::from([("branch".to_owned(), branches)]);
        Some(Pattern::read(key, &words).fill(&Pattern::read(pattern, &words).texts(name)?))
    }

    #[test]
    fn placeholders_take_text_to_the_key() {
        for (pattern, theirs, name, wanted) in [
            ("conv1.$", "pre.0.$", "conv1.weight", Some("pre.0.weight")),
            ("conv1.$", "pre.0.$", "conv10.weight", None),
            ("conv1.$", "pre.0.$", "conv1.", None),
            ("$", "$", "a.b.c", Some("a.b.c")),
            ("i$row.$branch.$", "I_$row/$branch/$", "i3a.branch2.0.weight", Some("I_3a/Y2.0/weight")),
            ("i$row.$branch.$", "I_$row/$branch/$", "i3a.branch3.weight", None),
            ("i$path.$", "$path|$", "i3a.branch2.0.weight", Some("3a.branch2.0|weight")),
            ("ä$x", "$x", "äöü", Some("öü")),
            ("plain", "simple", "plain", Some("simple")),
            (&"$a.".repeat(40), "", &"a".repeat(200), None),
        ] {
            assert_eq!(key(pattern, theirs, name).as_deref(), wanted, "{pattern} {name}");
        }
    }
}
