//! What variables are called in somebody else's file.

use super::quote::quote;
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// The keys of a file, and the variables that belong to them.
///
/// `googlenetc report SPEC --layout LAYOUT --format csv` (or `json`) writes such a list from a key layout; so can anybody:
///
/// ```text
/// variable,key,shape
/// conv1.conv.weight,conv1.conv.0.weight,64x3x7x7
/// ,conv1.conv.1.num_batches_tracked,
/// ```
///
/// A line without a variable is a counter of batches: it has a place in the file and no value that matters. Shapes are for
/// people; those of the file are compared with those of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    keys: BTreeMap<String, String>,
    counters: BTreeSet<String>,
}

/// A line of a list. Other columns are passed over.
#[derive(Debug, Deserialize)]
struct Row {
    variable: Option<String>,
    key: String,
}

impl Keys {
    /// Reads a list from a file, in JSON if it begins with a bracket and otherwise as comma-separated values.
    ///
    /// # Errors
    /// When it cannot be read, or is no such list.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, &e))?;
        Self::parse(&text).map_err(|e| Error::failed(format!("`{}` is no list of keys: {e}", path.display())))
    }

    /// The same from a text.
    ///
    /// # Errors
    /// When it is no such list, or names a variable or a key twice.
    pub fn parse(text: &str) -> Result<Self> {
        let (mut keys, mut counters, mut seen) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for Row { variable, key } in rows(text).map_err(Error::failed)? {
            if key.is_empty() {
                let variable = variable.unwrap_or_default();
                return Err(Error::failed(format!("there is no key for `{}`", quote(&variable))));
            }
            if !seen.insert(key.clone()) {
                return Err(Error::failed(format!("the key `{}` stands there twice", quote(&key))));
            }
            let Some(variable) = variable.filter(|variable| !variable.is_empty()) else {
                counters.insert(key);
                continue;
            };
            if let Some(other) = keys.insert(variable.clone(), key.clone()) {
                let [variable, other, key] = [&variable, &other, &key].map(|text| quote(text));
                return Err(Error::failed(format!("`{variable}` has two keys, `{other}` and `{key}`")));
            }
        }
        if keys.is_empty() {
            return Err(Error::failed("it names no variable"));
        }
        Ok(Self { keys, counters })
    }

    /// What a variable is called in the file.
    pub fn key_of(&self, variable: &str) -> Option<&str> {
        self.keys.get(variable).map(String::as_str)
    }

    /// Whether it is the key of a counter.
    pub fn is_counter(&self, key: &str) -> bool {
        self.counters.contains(key)
    }

    /// Makes sure that these are the keys of the `variables` of the network called `name`, of all of them and of no others.
    pub(super) fn check<'a>(&self, name: &str, variables: impl Iterator<Item = &'a str>) -> Result<()> {
        let variables: BTreeSet<&str> = variables.collect();
        let without = variables.iter().find(|variable| !self.keys.contains_key(**variable));
        let unknown = self.keys.keys().find(|variable| !variables.contains(variable.as_str()));
        let problem = match (without, unknown) {
            (Some(variable), _) => format!("they have none for its variable `{variable}`"),
            (None, Some(variable)) => format!("it has no variable `{}`", quote(variable)),
            (None, None) => return Ok(()),
        };
        Err(Error::failed(format!("the keys are not those of `{name}`: {problem}")))
    }

    /// The variables under their keys, and the counters.
    pub(super) fn rename(&self, variables: Vec<(String, Tensor)>) -> Vec<(String, Tensor)> {
        let renamed =
            variables.into_iter().map(|(name, tensor)| (self.keys.get(&name).cloned().unwrap_or(name), tensor));
        let zero = |key: &String| (key.clone(), Tensor::zeros([0; 0], (Kind::Int64, Device::Cpu)));
        renamed.chain(self.counters.iter().map(zero)).collect()
    }
}

fn rows(text: &str) -> std::result::Result<Vec<Row>, String> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|e| e.to_string());
    }
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|e| e.to_string())
}
