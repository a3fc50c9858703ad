//! A JSON Schema (draft 2020-12) of the YAML form, for editors: `specs/schema/googlenetc.schema.json`.
//!
//! It knows the form of every part, and the attributes of every layer from the layer files. What needs more than one place
//! of a spec (which blocks there are, whether shapes fit) only the compiler knows. Alternatives are told apart by
//! `if`, so that an editor reports what is wrong with the one that is meant.

mod patterns;

use serde_json::{Map, Value, json};

use crate::layers::KINDS;
use crate::lints::{self, Level};
use patterns::{ITEM_NAME, NAME};

/// Where editors find it.
const ID: &str = "https://raw.githubusercontent.com/googlenetc/googlenetc/main/specs/schema/googlenetc.schema.json";

/// The schema as text, with a line end.
pub fn schema() -> String {
    let mut text = format!("{:#}", whole());
    text.push('\n');
    text
}

fn whole() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "A spec of googlenetc",
        "description": "A convolutional network, or a library of blocks, as googlenetc compiles it.",
        "type": "object",
        "properties": top(),
        "additionalProperties": false,
        // Whatever else it has, a file with one of these is a network; a file without is a library.
        "if": {"anyOf": required_each(&["network", "input", "heads", "stem", "body", "table"])},
        "then": {
            "required": ["network", "input", "heads"],
            "anyOf": required_each(&["stem", "body", "table"]),
        },
        "else": {"required": ["blocks"]},
        "$defs": definitions(),
    })
}

fn top() -> Value {
    json!({
        "version": described("The version of the language; may be left out.", json!({"enum": [1, "1"]})),
        "network": described(
            "The network's name; the generated struct is called after it.",
            json!({"type": ["string", "number"], "minLength": 1}),
        ),
        "input": described("The input: channels x height x width, such as 3x224x224.", json!({"type": "string", "pattern": patterns::shape()})),
        "classes": described("What $classes stands for.", json!({"$ref": "#/$defs/count"})),
        "use": described(
            "Libraries whose blocks are known here: embedded ones by name, files by path.",
            json!({"if": {"type": "array"}, "then": {"items": {"type": "string"}}, "else": {"type": "string"}}),
        ),
        "published": described(
            "The published table that the network is held against: an embedded one by name, a file by path.",
            json!({"type": "string", "minLength": 1}),
        ),
        "lints": lints(),
        "defaults": {"$ref": "#/$defs/defaults"},
        "blocks": described("Templates with parameters, by name.", json!({
            "type": "object",
            "propertyNames": {"pattern": NAME, "not": {"enum": patterns::keywords()}},
            "additionalProperties": {"$ref": "#/$defs/block"},
        })),
        "stem": described("The first layers, each with a name.", json!({"$ref": "#/$defs/items"})),
        "body": described("Layers, groups, calls, repeats and tables, one after the other.", json!({"$ref": "#/$defs/items"})),
        "table": {"$ref": "#/$defs/table"},
        "heads": described("Where logits come out, by name; in parentheses a name is no part of the paths of parameters.", json!({
            "type": "object",
            "propertyNames": {"pattern": ITEM_NAME},
            "additionalProperties": {"$ref": "#/$defs/head"},
        })),
        "outputs": described("The order of the outputs; the first predicts.", json!({"type": "array", "items": {"$ref": "#/$defs/name"}})),
    })
}

fn definitions() -> Value {
    let mut definitions = Map::new();
    definitions.insert("name".into(), json!({"type": ["string", "integer"], "pattern": NAME}));
    definitions
        .insert("count".into(), json!({"type": ["string", "integer"], "minimum": 1, "pattern": patterns::count()}));
    definitions
        .insert("value".into(), json!({"type": ["string", "number", "boolean"], "pattern": patterns::lone_value()}));
    definitions.insert("defaults".into(), defaults());
    definitions.insert("block".into(), block());
    definitions.insert("table".into(), table());
    definitions.insert("head".into(), head());
    definitions.insert("construct".into(), construct());
    definitions.insert(
        "items".into(),
        json!({
            "type": ["array", "object"],
            "if": {"type": "array"},
            "then": {"$ref": "#/$defs/list"},
            "else": {"$ref": "#/$defs/mapping"},
        }),
    );
    definitions.insert(
        "list".into(),
        json!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": ["string", "object"],
                "if": {"type": "string"},
                "then": {"$ref": "#/$defs/layer"},
                "else": {"$ref": "#/$defs/mapping"},
            },
        }),
    );
    definitions.insert("mapping".into(), mapping());
    definitions.insert("branches".into(), described("Branches by name; each reads the same value.", named()));
    definitions.insert("layer".into(), layer());
    for kind in KINDS {
        definitions.insert(
            kind.keyword.into(),
            json!({
                "description": kind.summary,
                "pattern": patterns::layer(kind),
                "patternErrorMessage": patterns::expected(kind),
                "examples": kind.examples,
            }),
        );
    }
    Value::Object(definitions)
}

fn defaults() -> Value {
    let by_kind: Map<String, Value> = KINDS
        .into_iter()
        .filter(|kind| !kind.attributes.is_empty())
        .map(|kind| {
            let pattern = json!({
                "type": "string",
                "pattern": patterns::defaults(kind),
                "patternErrorMessage": patterns::expected(kind),
            });
            (kind.keyword.into(), pattern)
        })
        .collect();
    json!({
        "description": "What every layer of a kind gets unless it says otherwise.",
        "type": "object",
        "properties": by_kind,
        "additionalProperties": false,
    })
}

/// Levels by lint, which go by name, by code, or all together.
fn lints() -> Value {
    let level = json!({"enum": [Level::Allow.word(), Level::Warn.word(), Level::Deny.word()]});
    let described_level = |reason: &str| described(reason, level.clone());
    let names = lints::ALL.iter().map(|lint| (lint.name.to_owned(), described_level(lint.reason)));
    let codes = lints::ALL.iter().map(|lint| (lint.code.to_owned(), described_level(lint.reason)));
    let all = ("all".to_owned(), described_level("every lint"));
    json!({
        "description": "What becomes of what lints find.",
        "type": "object",
        "properties": names.chain([all]).chain(codes).collect::<Map<String, Value>>(),
        "additionalProperties": false,
    })
}

fn block() -> Value {
    json!({
        "type": "object",
        "properties": {
            "parameters": described("Its parameters, each a name or name=value.", json!({
                "type": "array",
                "items": {"type": "string", "pattern": patterns::parameter()},
            })),
            "defaults": {"$ref": "#/$defs/defaults"},
            "concat": {"$ref": "#/$defs/branches"},
            "add": {"$ref": "#/$defs/branches"},
            "layers": {"$ref": "#/$defs/construct"},
        },
        "additionalProperties": false,
        "oneOf": required_each(&["concat", "add", "layers"]),
    })
}

fn table() -> Value {
    json!({
        "description": "Calls of blocks, a row each, with plain layers between.",
        "type": "object",
        "properties": {
            "block": described("The block that rows of cells call.", json!({"$ref": "#/$defs/name"})),
            "prefix": described("What is put before the names of rows of cells.", json!({"$ref": "#/$defs/name"})),
            "columns": described(
                "Parameters of the block; `input` and `output` assert shapes, `block` names a row's own block.",
                json!({"type": "array", "items": {"$ref": "#/$defs/name"}}),
            ),
            "rows": described("Rows by name: a list of cells, or a layer that stands between the calls.", json!({
                "type": "object",
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {
                    "if": {"type": "array"},
                    "then": {"items": {"$ref": "#/$defs/value"}},
                    "else": {"$ref": "#/$defs/construct"},
                },
            })),
        },
        "additionalProperties": false,
        "required": ["columns", "rows"],
        "if": {"properties": {"columns": {"contains": {"const": "block"}}}},
        "else": {"required": ["block"]},
    })
}

fn head() -> Value {
    json!({
        "type": "object",
        "properties": {
            "from": described(
                "The node whose output it reads: its label or its path; the end of the trunk if left out.",
                json!({"type": ["string", "integer"]}),
            ),
            "weight": described("The weight of its loss.", json!({"type": ["number", "string"], "minimum": 0, "pattern": patterns::lone_value()})),
            "when": described("When it runs.", json!({"enum": ["training", "always"]})),
            "declared": described(
                "The part of the trunk after which its variables are registered, if not where the heads stand.",
                json!({"type": ["string", "integer"]}),
            ),
            "layers": {"$ref": "#/$defs/construct"},
        },
        "additionalProperties": false,
        "required": ["layers"],
    })
}

/// A layer, a list, or a mapping.
fn construct() -> Value {
    json!({
        "type": ["string", "array", "object"],
        "if": {"type": "string"},
        "then": {"$ref": "#/$defs/layer"},
        "else": {"$ref": "#/$defs/items"},
    })
}

/// A concat, an add, a table, a repeat, or named items.
fn mapping() -> Value {
    let alone = |key: &str, definition: &str| json!({"properties": {key: {"$ref": format!("#/$defs/{definition}")}}, "additionalProperties": false});
    let repeat = json!({
        "properties": {
            "repeat": described("How often.", json!({"$ref": "#/$defs/count"})),
            "layers": described("What is repeated.", json!({"$ref": "#/$defs/construct"})),
        },
        "additionalProperties": false,
        "required": ["layers"],
    });
    let mut otherwise = named();
    for (key, meant) in [
        ("repeat", repeat),
        ("table", alone("table", "table")),
        ("add", alone("add", "branches")),
        ("concat", alone("concat", "branches")),
    ] {
        otherwise = json!({"if": {"required": [key]}, "then": meant, "else": otherwise});
    }
    if let Value::Object(mapping) = &mut otherwise {
        mapping.insert("type".into(), "object".into());
    }
    otherwise
}

/// Items by name.
fn named() -> Value {
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": ITEM_NAME, "not": {"enum": patterns::RESERVED}},
        "additionalProperties": {"$ref": "#/$defs/construct"},
    })
}

/// A layer as it is written; by its keyword it is held against what that kind takes.
fn layer() -> Value {
    let by_kind: Vec<Value> = KINDS
        .into_iter()
        .map(|kind| {
            json!({
                "if": {"pattern": patterns::begins_with(kind.keyword)},
                "then": {"$ref": format!("#/$defs/{}", kind.keyword)},
            })
        })
        .collect();
    json!({
        "description": "A layer, or a call of a block: its keyword, then values, flags and attributes, then perhaps `-> ` and the shape that comes out.",
        "type": "string",
        "pattern": patterns::expression(),
        "patternErrorMessage": "A layer is a keyword, then values, flags and key=value, separated by blanks.",
        "allOf": by_kind,
    })
}

fn described(description: &str, schema: Value) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    schema.insert("description".into(), description.into());
    Value::Object(schema)
}

/// An alternative for each key.
fn required_each(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({"required": [key]})).collect()
}
