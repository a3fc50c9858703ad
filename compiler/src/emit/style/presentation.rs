//! A presentation: which Python modules a network's operations are, as a data file.
//!
//! `modules` maps patterns of operations to paths of modules; the first that fits counts. An operation is named by its
//! layer's path and a word for what it does: `conv1.conv`, `conv1.bn`, `conv1.relu`, `pool1.pool`, `main.fc.linear`,
//! `inception3a.concat`. `$` and `$name` stand for any text, or for one of the words that `where` lists, as in key layouts. `_` is
//! no module at all, and an operation at a path that has other modules below it is a function that runs inside of that module.
//! `classes` names classes by the modules that they hold, in the order in which they are declared. Everything else that
//! holds modules is a `Sequential`.
//!
//! ```yaml
//! version: 1
//! class: GoogLeNet
//! modules:
//!   $layer.relu: _
//!   $layer.conv: $layer.conv
//!   $layer.bn: $layer.bn
//! classes:
//!   BasicConv2d: [conv, bn]
//! inplace: [$]
//! ```

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::{self, Diagnostic};
use googlenetc_dsl::source::{SourceId, Sources};
use googlenetc_dsl::yaml::node::Node;

use crate::data::{check_version, mapping, text, texts, unknown_key, words};
use crate::layout::pattern::{Pattern, Words};

const KEYS: [&str; 6] = ["version", "class", "where", "modules", "classes", "inplace"];

/// How a network shows itself in Python.
#[derive(Debug, Clone, Default)]
pub struct Presentation {
    /// The class of the whole.
    pub(super) class: Option<String>,
    /// Patterns of operations with the module that they are; none for a function.
    modules: Vec<(Pattern, Option<Pattern>)>,
    /// Classes with the modules that they hold, in the order of their declaration.
    pub(super) classes: Vec<(String, Vec<String>)>,
    /// Which activations say that they work in place, by their module's path.
    inplace: Vec<Pattern>,
}

/// What an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// A module, or a function inside of it.
    At(String),
    /// A function that no module shows.
    Function,
    /// Nothing is said about it.
    Unsaid,
}

impl Presentation {
    /// What an operation of this key is.
    pub(super) fn module(&self, key: &str) -> Shown {
        let fitting = self.modules.iter().find_map(|(pattern, module)| Some((pattern.texts(key)?, module)));
        match fitting {
            None => Shown::Unsaid,
            Some((_, None)) => Shown::Function,
            Some((texts, Some(module))) => Shown::At(module.fill(&texts)),
        }
    }

    /// Whether the activation at this path says that it works in place.
    pub(super) fn is_inplace(&self, path: &str) -> bool {
        self.inplace.iter().any(|pattern| pattern.texts(path).is_some())
    }
}

/// Reads the presentation `id`; `None` when something in it is wrong. Messages are sorted by place.
pub fn read(sources: &Sources, id: SourceId) -> (Option<Presentation>, Vec<Diagnostic>) {
    let (node, mut found) = googlenetc_dsl::yaml::read(sources, id);
    let presentation = node.and_then(|node| presentation(&node, &mut found));
    diagnostic::sort(&mut found);
    let is_right = !diagnostic::has_errors(&found);
    (presentation.filter(|_| is_right), found)
}

fn presentation(document: &Node, found: &mut Vec<Diagnostic>) -> Option<Presentation> {
    let what = "a presentation";
    let entries = mapping(document, what, found)?;
    let dictionaries = entries.iter().find(|(key, _)| key.value == "where");
    let words = dictionaries.map(|(_, node)| dictionaries_of(node, found)).unwrap_or_default();
    let mut presentation = Presentation::default();
    for (key, node) in entries {
        match key.value.as_str() {
            "version" => check_version(node, "presentations", found),
            "class" => presentation.class = text(node, "`class`", found),
            "where" => {}
            "modules" => {
                for (pattern, node) in mapping(node, "`modules`", found).unwrap_or_default() {
                    let Some(module) = text(node, "a module", found) else { continue };
                    let module = (module != "_").then(|| Pattern::read(&module, &words));
                    presentation.modules.push((Pattern::read(&pattern.value, &words), module));
                }
            }
            "classes" => {
                for (class, node) in mapping(node, "`classes`", found).unwrap_or_default() {
                    let children = texts(node, "a class", found).unwrap_or_default();
                    presentation.classes.push((class.value.clone(), children));
                }
            }
            "inplace" => {
                let patterns = texts(node, "`inplace`", found).unwrap_or_default();
                presentation.inplace = patterns.iter().map(|pattern| Pattern::read(pattern, &words)).collect();
            }
            _ => found.push(unknown_key(key, what, &KEYS)),
        }
    }
    Some(presentation)
}

fn dictionaries_of(node: &Node, found: &mut Vec<Diagnostic>) -> BTreeMap<String, Words> {
    let entries = mapping(node, "`where`", found).unwrap_or_default();
    entries.iter().map(|(name, node)| (name.value.clone(), words(node, found))).collect()
}
