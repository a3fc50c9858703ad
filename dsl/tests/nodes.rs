//! Our reading of YAML against that of an independent reader.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use googlenetc_dsl::source::Sources;
use googlenetc_dsl::yaml;
use googlenetc_dsl::yaml::node::{Kind, Node, Scalar};
use serde_yaml::{Mapping, Value};

fn ours(text: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add("spec.yaml", text);
    let (node, diagnostics) = yaml::read(&sources, id);
    assert_eq!(diagnostics, []);
    value(&node.unwrap())
}

/// Our node as a value of the other reader, which alone decides what type a plain text has.
fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(Scalar { text, plain: true, .. }) => serde_yaml::from_str(text).unwrap(),
        Kind::Scalar(Scalar { text, .. }) => Value::String(text.clone()),
        Kind::Sequence(nodes) => Value::Sequence(nodes.iter().map(value).collect()),
        Kind::Mapping(entries) => {
            let key = |key: &str| serde_yaml::from_str::<Value>(key).unwrap();
            Value::Mapping(entries.iter().map(|(name, node)| (key(&name.value), value(node))).collect::<Mapping>())
        }
        Kind::Empty => Value::Null,
        Kind::Refused => panic!("{node:?}"),
    }
}

#[test]
fn agrees_with_serde_yaml() {
    let many_comments = format!("stem:\n{}  conv1: conv 7x7/2 64\n", "  # a comment\n".repeat(500));
    for text in [
        include_str!("fixtures/googlenet.yaml"),
        include_str!("fixtures/everything.yaml"),
        "a: |\n  two\n  lines\nb: >\n  folded\n  line\nc: 'it''s'\nd: \"\\u00e9\\n\"\ne:\nf: ~\ng: [1, 2.5, true, null]\n",
        "- - nested\n  - [lists]\n- {}\n- []\n- plain text\n  over lines\n",
        "---\nonly: one document\n...\n",
        many_comments.as_str(),
    ] {
        let theirs: Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(ours(text), theirs, "{text}");
    }
}
