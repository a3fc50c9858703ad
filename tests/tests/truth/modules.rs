//! Which value of ours the output of a module of PyTorch's is: a table of patterns, `data/parity/modules.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

/// The table of one network.
pub(crate) struct Modules {
    /// Names that stand for others at the start of a name.
    rows: Vec<(String, String)>,
    /// Patterns of names, and our path; for a module that is called several times a path for each call.
    patterns: Vec<(String, Vec<String>)>,
    /// The heads in the order in which the module returns their logits.
    pub(crate) heads: Vec<String>,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Modules {
    /// The table of a network by the name that the reference gives it.
    pub(crate) fn of(model: &str) -> Self {
        let tables = googlenetc_tests::text("tests/data/parity/modules.yaml");
        let tables: Value = serde_yaml::from_str(&tables).expect("the table is YAML");
        let entries = |key: &str| tables[model][key].as_mapping().cloned().unwrap_or_default();
        let several = |value: &Value| match value.as_sequence() {
            Some(calls) => calls.iter().map(text).collect(),
            None => vec![text(value)],
        };
        let rows = entries("rows").iter().map(|(theirs, ours)| (text(theirs), text(ours))).collect();
        let patterns = entries("modules").iter().map(|(theirs, ours)| (text(theirs), several(ours))).collect();
        let heads = several(&tables[model]["heads"]);
        Self { rows, patterns, heads }
    }

    /// Our path for each call of a module, in the order of the calls.
    ///
    /// What the table calls something that nobody has seen, and what it does not have, is a module that holds others: its
    /// output is that of the last of them. None where it holds none either.
    pub(crate) fn paths(&self, calls: &[&str], seen: &BTreeSet<&str>) -> Vec<Option<String>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut paths: Vec<Option<String>> = Vec::new();
        for (place, module) in calls.iter().enumerate() {
            let count = counts.entry(module).or_default();
            let path = self.path(module, *count).filter(|path| seen.contains(path.as_str()));
            *count += 1;
            let holds = |inner: &&str| module.is_empty() || inner.starts_with(&format!("{module}."));
            let last = || calls[..place].iter().rposition(holds).and_then(|last| paths[last].clone());
            paths.push(path.or_else(last));
        }
        paths
    }

    fn path(&self, module: &str, call: usize) -> Option<String> {
        let row = self.rows.iter().find_map(|(theirs, ours)| {
            let rest = module.strip_prefix(theirs.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{ours}{rest}"))
        });
        let name = row.unwrap_or_else(|| module.to_owned());
        let fitting = self.patterns.iter().find_map(|(pattern, ours)| Some((texts(pattern, &name)?, ours)));
        fitting.map_or(Some(name.clone()), |(texts, ours)| Some(fill(ours.get(call)?, &texts)))
    }
}

/// The texts that the `$` of a pattern stand for in a name, each as short as possible.
fn texts<'n>(pattern: &str, name: &'n str) -> Option<Vec<&'n str>> {
    let mut pieces = pattern.split('$');
    let mut rest = name.strip_prefix(pieces.next()?)?;
    let mut pieces = pieces.peekable();
    let mut texts = Vec::new();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            texts.push(rest.strip_suffix(piece)?);
            return Some(texts);
        }
        let (text, after) = rest.split_once(piece)?;
        texts.push(text);
        rest = after;
    }
    rest.is_empty().then_some(texts)
}

/// A pattern with these texts in place of its `$`.
fn fill(pattern: &str, texts: &[&str]) -> String {
    let mut texts = texts.iter();
    pattern.split('$').enumerate().fold(String::new(), |made, (index, piece)| {
        if index == 0 { piece.into() } else { made + texts.next().copied().unwrap_or_default() + piece }
    })
}
