//! What the layer files say about themselves is true, and what is written about them is not stale.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files and fail by panicking"
)]

mod repository;

use std::collections::BTreeSet;

use googlenetc::CheckedNetwork;
use googlenetc::layers::{Attribute, Form, KINDS, Kind};
use googlenetc::ops::Op;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::tree::{Argument, Construct, Expression, Item, Keyword, Section, Value};
use repository::{fresh, text};

/// A network around a layer, whichever of maps and vectors it needs and gives.
fn network(layer: &str) -> Result<CheckedNetwork, String> {
    let mut messages = String::new();
    for (before, after) in [("", "avgpool global, flatten, "), ("", ""), ("flat: flatten, ", "")] {
        let spec = format!(
            "network: One\ninput: 3x64x64\nstem: {{{before}it: {layer}}}\nheads: {{main: {{layers: [{after}linear 5]}}}}\n"
        );
        let compilation = googlenetc::compile("one.yaml", &spec);
        match compilation.network {
            Some(network) => return Ok(network),
            None => messages += &compilation.render(false),
        }
    }
    Err(messages)
}

/// What a layer does, wherever its numbers were written.
fn operations(layer: &str) -> Vec<Op> {
    let network = network(layer).unwrap_or_else(|messages| panic!("{layer}\n{messages}"));
    network.network().operations.iter().map(|operation| operation.op.clone()).collect()
}

/// The layer with nothing but what it must have, and what an attribute needs beside it.
fn plain(kind: &Kind, attribute: &Attribute) -> String {
    let window = attribute.name != "adaptive" && attribute.name != "global";
    let values = kind.positional.iter().map(|value| value.sample).filter(|sample| window || !sample.contains('/'));
    let mut words: Vec<String> = [kind.keyword].into_iter().chain(values).map(String::from).collect();
    // The first thing in backquotes is an attribute; `a bias` is the flag.
    match attribute.needs.split('`').nth(1) {
        Some(needed) if needed.contains('=') => words.push(needed.into()),
        _ if attribute.needs == "a bias" => words.push("bias".into()),
        _ => {}
    }
    words.join(" ")
}

/// What some words cannot stand without.
fn with_company(layer: &str) -> String {
    let company = [("=normal", " std=0.01"), ("=truncated-normal", " std=0.01"), ("norm=lrn", " size=5")];
    let mut whole = layer.to_owned();
    for (word, needed) in company {
        let name = needed.split('=').next().unwrap();
        if layer.contains(word) && !layer.contains(&format!("{name}=")) {
            whole += needed;
        }
    }
    whole
}

#[test]
fn examples_are_right() {
    for kind in KINDS {
        assert!(!kind.examples.is_empty(), "{} has no example", kind.keyword);
        for example in kind.examples {
            assert_eq!(example.split(' ').next(), Some(kind.keyword), "{example}");
            network(example).unwrap_or_else(|messages| panic!("{example}\n{messages}"));
        }
    }
}

/// A default that is said in backquotes, or as a flag's state, is the one that holds: saying it changes nothing.
#[test]
fn defaults_are_those_that_hold() {
    let mut checked = 0;
    for kind in KINDS {
        for attribute in kind.attributes {
            let value = match (attribute.form, attribute.default) {
                (Form::Flag, "on") => "true",
                (Form::Flag, "off") => "false",
                (_, default) => match default.split('`').collect::<Vec<_>>()[..] {
                    ["", value, ""] => value,
                    _ => continue,
                },
            };
            // Without a window there is no default to compare.
            let without = with_company(&plain(kind, attribute)).replace(" global", "");
            let without = if attribute.name == "global" { format!("{without} 2x2/2") } else { without };
            let with = format!("{without} {}={value}", attribute.name);
            let operations = [&without, &with].map(|layer| operations(layer));
            assert_eq!(operations[0], operations[1], "{with}");
            checked += 1;
        }
    }
    assert!(checked > 50, "only {checked} defaults were checked");
}

#[test]
fn words_are_those_that_are_taken() {
    for kind in KINDS {
        for attribute in kind.attributes {
            let (Form::Words(words) | Form::WordsOrNumber(words)) = attribute.form else { continue };
            let plain = plain(kind, attribute);
            for word in words {
                let layer = with_company(&format!("{plain} {}={word}", attribute.name));
                network(&layer).unwrap_or_else(|messages| panic!("{layer}\n{messages}"));
            }
            let wrong = format!("{plain} {}=nonsense", attribute.name);
            let messages = network(&wrong).unwrap_err();
            for word in words {
                assert!(messages.contains(&format!("`{word}`")), "{wrong}: `{word}` is missing in\n{messages}");
            }
        }
    }
}

/// An attribute, or a word of one, that no spec uses is one that libtorch has never been asked about.
#[test]
fn the_spec_of_all_layers_uses_all_of_them() {
    let mut sources = Sources::new();
    let id = sources.add("layers.yaml", text("tests/specs/layers.yaml"));
    let spec = googlenetc_dsl::parse(&sources, id, googlenetc_dsl::Syntax::Yaml).spec.unwrap();
    let mut used = BTreeSet::new();
    for section in &spec.sections {
        match section {
            Section::Body(items) => items.iter().for_each(|item| collect(&item.construct, &mut used)),
            Section::Head(head) => collect(&head.layers, &mut used),
        }
    }
    let is_used = |what: &[&str]| {
        assert!(used.contains(&what.join(" ")), "tests/specs/layers.yaml does not use `{}`", what.join(" "));
    };
    for kind in KINDS {
        is_used(&[kind.keyword]);
        for attribute in kind.attributes {
            is_used(&[kind.keyword, attribute.name]);
            if let Form::Words(words) | Form::WordsOrNumber(words) = attribute.form {
                for word in words {
                    is_used(&[&format!("{}={word}", attribute.name)]);
                }
            }
            if attribute.form == Form::Flag {
                for word in ["true", "false"] {
                    is_used(&[&format!("{}={word}", attribute.name)]);
                }
            }
        }
    }
}

fn collect(construct: &Construct, used: &mut BTreeSet<String>) {
    let mut all = |items: &[Item]| items.iter().for_each(|item| collect(&item.construct, used));
    match construct {
        Construct::Expression(expression) => collect_layer(expression, used),
        Construct::Sequence(items) | Construct::Concat(items) | Construct::Add(items) => all(items),
        Construct::Repeat(repeat) => all(&repeat.items),
        Construct::Table(_) | Construct::Invalid(_) => {}
    }
}

fn collect_layer(expression: &Expression, used: &mut BTreeSet<String>) {
    let Keyword::Word(keyword) = &expression.keyword.value else { return };
    used.insert(keyword.clone());
    for argument in &expression.arguments {
        let (name, word) = match argument {
            Argument::Named { key, value } => match &value.value {
                Value::Word(word) => (&key.value, word.as_str()),
                Value::Extents { .. } => (&key.value, ""),
            },
            Argument::Positional(value) => match &value.value {
                Value::Word(flag) => (flag, "true"),
                Value::Extents { .. } => continue,
            },
        };
        used.insert(format!("{keyword} {name}"));
        used.insert(format!("{name}={word}"));
    }
}

#[test]
fn the_reference_is_fresh() {
    fresh("docs/reference.md", &googlenetc::reference::reference(), "layers");
}

#[test]
fn the_schema_is_fresh() {
    fresh("specs/schema/googlenetc.schema.json", &googlenetc::schema::schema(), "layers");
}

/// What docs/architecture.md asks of a new kind holds for every kind.
#[test]
fn every_kind_has_its_file_and_its_place() {
    let list = text("compiler/src/layers.rs");
    for kind in KINDS {
        let module = kind.keyword.replace('-', "_");
        let file = format!("compiler/src/layers/{module}.rs");
        assert!(text(&file).contains(&format!("keyword: \"{}\"", kind.keyword)), "{file}");
        for line in [format!("\nmod {module};\n"), format!("    &{module}::KIND,\n")] {
            assert_eq!(list.matches(&line).count(), 1, "`{}` in compiler/src/layers.rs", line.trim());
        }
    }
}
