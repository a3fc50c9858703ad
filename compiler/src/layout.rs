//! Key layouts: what a network's variables are called in files that others write, and in which order they stand there.
//!
//! A layout is a YAML file. `keys` maps patterns of our names to keys of that file, in its order; what one pattern fits
//! keeps our order. `$` and `$name` stand for any text, as much of it as possible; if `where` says so, for one of
//! its words only, which the key then replaces. `counters` names the number of batches that PyTorch's normalisations count, and that
//! we do not keep.
//!
//! ```yaml
//! version: 1
//! where:
//!   row: {3a: Google_1.0, 3b: Google_1.1}
//! keys:
//!   conv1.$: pre_layers.0.$
//!   inception$row.$: $row.$
//! ```

pub(crate) mod pattern;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use serde::Serialize;

use crate::codes;
use crate::ops::Variable;
use pattern::Pattern;

pub use read::read;

/// A key layout.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Layout {
    entries: Vec<Entry>,
    counters: Option<String>,
    /// Where the list of keys is named.
    place: Span,
}

/// A pattern of our names, and the key that it becomes.
#[derive(Debug, Clone)]
struct Entry {
    ours: Spanned<Pattern>,
    key: Pattern,
}

/// One tensor of a foreign file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Key {
    /// What it is called there.
    pub key: String,
    /// Our variable; none for a counter of batches.
    pub variable: Option<String>,
    /// Its sizes.
    pub shape: Vec<u64>,
}

impl Layout {
    /// The keys of these variables, in the order of the foreign file.
    ///
    /// # Errors
    ///
    /// When a variable has no key, a pattern fits no variable, or two variables would have the same key.
    pub fn keys(&self, variables: &[Variable]) -> Result<Vec<Key>, Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut left: Vec<&Variable> = variables.iter().collect();
        let mut keys = Vec::new();
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for entry in &self.entries {
            let before = left.len();
            left.retain(|variable| {
                let Some(texts) = entry.ours.value.texts(&variable.name) else { return true };
                let key = entry.key.fill(&texts);
                if let Some(other) = owners.insert(key.clone(), &variable.name) {
                    diagnostics.push(same_key(entry, &key, other, &variable.name));
                }
                let counter = self.counters.as_ref().and_then(|counter| counter_key(variable, &key, counter));
                keys.push(Key { key, variable: Some(variable.name.clone()), shape: variable.shape.clone() });
                keys.extend(counter.map(|key| Key { key, variable: None, shape: Vec::new() }));
                false
            });
            if left.len() == before {
                diagnostics.push(
                    Diagnostic::error(codes::UNKNOWN_NAME, "no variable of the network fits this pattern")
                        .at(entry.ours.span, "fits nothing")
                        .note("a variable belongs to the first pattern that it fits"),
                );
            }
        }
        if !left.is_empty() {
            diagnostics.push(self.without_key(&left));
        }
        if diagnostics.is_empty() { Ok(keys) } else { Err(diagnostics) }
    }

    fn without_key(&self, left: &[&Variable]) -> Diagnostic {
        let scopes: BTreeSet<&str> =
            left.iter().map(|variable| variable.name.rsplit_once('.').map_or("", |(scope, _)| scope)).collect();
        let count = left.len();
        let named: Vec<String> = scopes.iter().take(3).map(|scope| format!("`{scope}`")).collect();
        let more = if scopes.len() > 3 { ", ..." } else { "" };
        Diagnostic::error(codes::MISSING, format!("{count} variables of the network have no key"))
            .at(self.place, "no pattern fits them")
            .note(format!("they are in {}{more}", named.join(", ")))
    }
}

fn same_key(entry: &Entry, key: &str, first: &str, second: &str) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_NAME, format!("two variables have the key `{key}`"))
        .at(entry.ours.span, "of the second")
        .note(format!("`{first}` and `{second}`"))
}

/// The key of the counter that PyTorch keeps after this variable, if it is the last of a batch normalisation.
fn counter_key(variable: &Variable, key: &str, counter: &str) -> Option<String> {
    variable.name.ends_with(".running_var").then(|| match key.rsplit_once('.') {
        Some((scope, _)) => format!("{scope}.{counter}"),
        None => counter.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use googlenetc_dsl::source::{Sources, Span};

    use super::{Key, read};
    use crate::report::report;

    /// Its variables: `conv1.weight`, `conv2.conv.weight`, `conv2.bn.weight`, `.bias`, `.running_mean`, `.running_var`, `main.2.weight`,
    /// `main.2.bias`.
    const SPEC: &str = "network: Net\ninput: 1x8x8\nstem: {conv1: conv 3x3 4, conv2: conv 1x1 8 norm=batch}\n\
                        heads: {main: {layers: [avgpool global, flatten, linear 10]}}\n";

    fn keys(layout: &str) -> Result<Vec<Key>, Vec<(&'static str, String)>> {
        let network = crate::compile("net.yaml", SPEC).network.expect("the spec is right");
        let mut sources = Sources::new();
        let id = sources.add("layout.yaml", layout);
        let (layout, mut found) = read(&sources, id);
        match layout.map(|layout| layout.keys(&report(&network).variables)) {
            Some(Ok(keys)) => return Ok(keys),
            Some(Err(more)) => found.extend(more),
            None => {}
        }
        let place = |span: Span| sources.get(span.source).text[span.start()..span.end()].to_owned();
        Err(found.iter().map(|d| (d.code, d.span().map(place).unwrap_or_default())).collect())
    }

    #[test]
    fn keys_stand_in_the_order_of_the_layout() {
        let layout = "counters: count\nwhere: {leaf: {weight: 0, bias: 1}}\n\
                      keys: {main.$.$leaf: 'fc[$leaf]', $path.bn.$: $path.norm.$, $path.$leaf: $path/$leaf}\n";
        let keys = keys(layout);
        let keys: Vec<_> = keys.iter().flatten().map(|key| (key.key.as_str(), key.variable.as_deref())).collect();
        assert_eq!(
            keys,
            [
                ("fc[0]", Some("main.2.weight")),
                ("fc[1]", Some("main.2.bias")),
                ("conv2.norm.weight", Some("conv2.bn.weight")),
                ("conv2.norm.bias", Some("conv2.bn.bias")),
                ("conv2.norm.running_mean", Some("conv2.bn.running_mean")),
                ("conv2.norm.running_var", Some("conv2.bn.running_var")),
                ("conv2.norm.count", None),
                ("conv1/0", Some("conv1.weight")),
                ("conv2.conv/0", Some("conv2.conv.weight")),
            ]
        );
    }

    #[test]
    fn mistakes_are_told_where_they_stand() {
        for (layout, wanted) in [
            ("keys: {$: $, conv3.$: $}", vec![("E0202", "conv3.$")]),
            ("keys: {conv1.$: a.$, conv2.$: b.$}", vec![("E0201", "keys")]),
            ("keys: {main.2.$leaf: fc, $: $}", vec![("E0207", "main.2.$leaf")]),
            ("keys: {$a$a: x, $: $b}", vec![("E0207", "$a$a"), ("E0202", "$b")]),
            ("where: {row: [a]}\nkeys: {$: $}", vec![("E0202", "row")]),
            ("version: 2\nkeys: {$: $}", vec![("E0210", "2")]),
            ("key: {$: $}", vec![("E0110", "key"), ("E0111", "key: {$: $}")]),
            ("keys: [a]", vec![("E0112", "[a]")]),
            ("keys: {a: [b]}", vec![("E0112", "[b]")]),
        ] {
            let found = keys(layout).err().unwrap_or_default();
            let found: Vec<(&str, &str)> = found.iter().map(|(code, place)| (*code, place.as_str())).collect();
            assert_eq!(found, wanted, "{layout}");
        }
    }
}
