//! The JSON Schema of the YAML form: every spec is valid, and no misspelt key or attribute is.
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_collect,
    clippy::match_same_arms,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that walks foreign trees, whose files are the project's own"
)]

use googlenetc::layers::{Form, KINDS};
use googlenetc_tests::{specs, text, workspace};
use jsonschema::Validator;
use serde_json::{Map, Value};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&googlenetc::schema::schema()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A YAML text as an editor's tools see it.
fn json(yaml: &str) -> Value {
    convert(serde_yaml::from_str(yaml).unwrap())
}

fn convert(node: serde_yaml::Value) -> Value {
    match node {
        serde_yaml::Value::Sequence(nodes) => nodes.into_iter().map(convert).collect(),
        serde_yaml::Value::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, node)| match convert(key) {
                Value::String(key) => (key, convert(node)),
                key => (key.to_string(), convert(node)),
            });
            Value::Object(entries.collect())
        }
        scalar => serde_json::to_value(scalar).unwrap(),
    }
}

/// Every spec and library in YAML.
fn documents() -> Vec<(String, Value)> {
    let mut names = specs();
    for entry in std::fs::read_dir(workspace().join("specs/blocks")).into_iter().flatten().flatten() {
        names.push(format!("specs/blocks/{}", entry.file_name().to_string_lossy()));
    }
    names.retain(|name| name.ends_with(".yaml"));
    names.into_iter().map(|name| (name.clone(), json(&text(&name)))).collect()
}

fn messages(validator: &Validator, document: &Value) -> String {
    validator.iter_errors(document).map(|error| format!("{}: {error}\n", error.instance_path())).collect()
}

#[test]
fn every_spec_is_valid() {
    let validator = validator();
    let documents = documents();
    assert!(documents.len() >= 7);
    for (name, document) in documents {
        assert!(validator.is_valid(&document), "{name}\n{}", messages(&validator, &document));
    }
}

/// Cases of messages: what the compiler takes is valid; unknown keys, unknown attributes of layers, and numbers where
/// layers belong are not.
#[test]
fn the_schema_agrees_with_the_compiler() {
    let validator = validator();
    for entry in std::fs::read_dir(workspace().join("tests/ui")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".yaml") {
            continue;
        }
        // A case may be no text at all.
        let Ok(yaml) = std::fs::read_to_string(entry.path()) else { continue };
        let expected = yaml.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
        if expected.starts_with("# expect: E01") && !expected.contains("E0110") {
            continue;
        }
        let document = json(yaml.trim_start_matches('\u{feff}'));
        if expected == "# expect: ok" {
            assert!(validator.is_valid(&document), "{name}\n{}", messages(&validator, &document));
        } else if expected.contains("E0110") {
            assert!(!validator.is_valid(&document), "{name} is valid");
        }
    }
    for wrong in ["misspelt_attribute.yaml", "attribute_without_value.yaml", "unknown_choice.yaml", "normalize.yaml"] {
        assert!(!validator.is_valid(&json(&text(&format!("tests/ui/{wrong}")))), "{wrong} is valid");
    }
}

/// What a mapping is: whether its keys are words of the language, and what stands under them.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Top,
    Defaults,
    Blocks,
    Block,
    Heads,
    Head,
    Table,
    Rows,
    /// Branches, or named items.
    Named,
    /// Whatever can stand at one place of a network.
    Construct,
    /// Nothing with keys, but for the arguments of a kind's defaults.
    Arguments,
}

impl Part {
    /// What stands under a key.
    fn under(self, key: &str) -> Self {
        match (self, key) {
            (Self::Top | Self::Block, "defaults") => Self::Defaults,
            (Self::Top, "blocks") => Self::Blocks,
            (Self::Top, "heads") => Self::Heads,
            (Self::Top | Self::Construct, "table") => Self::Table,
            (Self::Block | Self::Construct, "concat" | "add") => Self::Named,
            (Self::Top, "stem" | "body") | (Self::Block | Self::Head | Self::Construct, "layers") => Self::Construct,
            (Self::Table, "rows") => Self::Rows,
            (Self::Blocks, _) => Self::Block,
            (Self::Heads, _) => Self::Head,
            (Self::Rows | Self::Named, _) => Self::Construct,
            (
                Self::Defaults | Self::Top | Self::Block | Self::Head | Self::Table | Self::Construct | Self::Arguments,
                _,
            ) => Self::Arguments,
        }
    }

    fn has_names(self) -> bool {
        matches!(self, Self::Blocks | Self::Heads | Self::Rows | Self::Named)
    }
}

/// Calls `found` with every document that differs from this one in one misspelt key or attribute, and what was changed.
fn misspelt(node: &Value, part: Part, found: &mut dyn FnMut(Value, String)) {
    match node {
        Value::Object(entries) => misspelt_mapping(entries, part, found),
        Value::Array(nodes) if part != Part::Rows => {
            for (index, inner) in nodes.iter().enumerate() {
                misspelt(inner, part, &mut |changed, what| {
                    let mut nodes = nodes.clone();
                    nodes[index] = changed;
                    found(Value::Array(nodes), what);
                });
            }
        }
        Value::String(text) => misspelt_attributes(text, part, found),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn misspelt_mapping(entries: &Map<String, Value>, part: Part, found: &mut dyn FnMut(Value, String)) {
    let is_word = |key: &str| match key {
        "concat" | "add" | "table" => entries.len() == 1,
        "repeat" => true,
        "layers" => entries.contains_key("repeat"),
        _ => false,
    };
    let part = if part == Part::Construct && !entries.keys().any(|key| is_word(key)) { Part::Named } else { part };
    for (key, inner) in entries {
        let replaced = |name: &str, value: Value| {
            let others = entries.iter().filter(|(other, _)| *other != key);
            let mut mapping: Map<String, Value> = others.map(|(key, value)| (key.clone(), value.clone())).collect();
            mapping.insert(name.to_owned(), value);
            Value::Object(mapping)
        };
        // `concta: {a: ..., b: ...}` is a group of that name, in the language too.
        let makes_a_group = part == Part::Construct
            && match key.as_str() {
                "concat" | "add" => true,
                // So are `repeats: $times` and the `layers` beside it two layers: a parameter can be a layer's keyword.
                "repeat" => inner.is_string(),
                _ => false,
            };
        if !part.has_names() && !makes_a_group {
            for misspelling in [format!("{key}s"), key[..key.len() - 1].to_owned(), format!("x{key}")] {
                found(replaced(&misspelling, inner.clone()), format!("`{key}` as `{misspelling}`"));
            }
        }
        // The arguments of defaults stand under their kind.
        if part == Part::Defaults {
            let kind = Value::String(format!("{key} {}", inner.as_str().unwrap()));
            misspelt(&kind, Part::Construct, &mut |changed, what| {
                let arguments = changed.as_str().unwrap().split_once(' ').unwrap().1.to_owned();
                found(replaced(key, Value::String(arguments)), format!("{what} of the defaults"));
            });
        }
        misspelt(inner, part.under(key), &mut |changed, what| found(replaced(key, changed), what));
    }
}

/// Attributes and flags of a layer, each with a letter too many.
fn misspelt_attributes(text: &str, part: Part, found: &mut dyn FnMut(Value, String)) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(kind) = KINDS.into_iter().find(|kind| words.first() == Some(&kind.keyword)) else { return };
    if part == Part::Arguments {
        return;
    }
    for (index, word) in words.iter().enumerate().skip(1) {
        let (name, value) = word.split_once('=').map_or((*word, None), |(name, value)| (name, Some(value)));
        let Some(attribute) = kind.attribute(name) else { continue };
        let changed = match (value, attribute.form) {
            (None, _) => vec![format!("{name}s")],
            (Some(value), Form::Words(_)) => vec![format!("{name}s={value}"), format!("{name}={value}z")],
            (Some(value), _) => vec![format!("{name}s={value}")],
        };
        for changed in changed {
            let mut words: Vec<&str> = words.clone();
            words[index] = &changed;
            found(Value::String(words.join(" ")), format!("`{word}` as `{changed}` in `{text}`"));
        }
    }
}

#[test]
fn every_misspelt_key_fails() {
    let validator = validator();
    let mut count = 0;
    let mut valid = Vec::new();
    for (name, document) in documents() {
        misspelt(&document, Part::Top, &mut |changed, what| {
            count += 1;
            if validator.is_valid(&changed) {
                valid.push(format!("{name}: {what}"));
            }
        });
    }
    assert!(valid.is_empty(), "still valid:\n{}", valid.join("\n"));
    assert!(count > 500, "only {count} misspellings were tried");
}

#[test]
fn every_example_of_the_reference_is_valid() {
    let validator = validator();
    for kind in KINDS {
        for example in kind.examples {
            let head = "heads: {main: {layers: [flatten, linear 10]}}";
            let document = json(&format!("network: One\ninput: 3x8x8\nstem: {{it: {example}}}\n{head}\n"));
            assert!(validator.is_valid(&document), "{example}\n{}", messages(&validator, &document));
        }
    }
}
