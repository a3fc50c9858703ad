//! DOT, read by a small parser of what is used of its grammar.

use std::collections::BTreeMap;

use super::Graph;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A word, or a text in quotes.
    Id(String),
    Sign(String),
}

/// The tokens of DOT: identifiers, quoted strings in which only `\"`, `\\` and `\n` are escapes, and signs.
fn tokens(dot: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = dot.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c == '"' {
            let mut text = String::new();
            let mut characters = rest.char_indices().skip(1);
            let end = loop {
                match characters.next().expect("a string ends") {
                    (at, '"') => break at + 1,
                    (_, '\\') => text.push(match characters.next().unwrap().1 {
                        'n' => '\n',
                        c @ ('"' | '\\') => c,
                        c => panic!("\\{c}"),
                    }),
                    (_, c) => text.push(c),
                }
            };
            tokens.push(Token::Id(text.replace("&amp;", "&")));
            end
        } else if c.is_ascii_alphanumeric() || c == '_' || c == '.' {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Id(rest[..end].into()));
            end
        } else {
            let sign = if rest.starts_with("->") { "->" } else { &rest[..1] };
            assert!(["->", "{", "}", "[", "]", "=", ",", ";"].contains(&sign), "{sign}");
            tokens.push(Token::Sign(sign.into()));
            sign.len()
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Dot {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    graph: Graph,
}

impl Dot {
    fn id(&mut self) -> String {
        match self.tokens.next() {
            Some(Token::Id(id)) => id,
            other => panic!("{other:?} for an identifier"),
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.tokens.next_if(|token| *token == Token::Sign(sign.into())).is_some()
    }

    fn must(&mut self, sign: &str) {
        assert!(self.takes(sign), "{sign} before {:?}", self.tokens.peek());
    }

    fn attributes(&mut self) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::new();
        if self.takes("[") {
            while !self.takes("]") {
                let name = self.id();
                self.must("=");
                attributes.insert(name, self.id());
                let _ = self.takes(",");
            }
        }
        attributes
    }

    /// `{ statement; ... }`, and what `label` was set to.
    fn body(&mut self) -> Option<String> {
        let mut label = None;
        self.must("{");
        while !self.takes("}") {
            let id = self.id();
            if id == "subgraph" {
                assert!(self.id().starts_with("cluster_"));
                let position = self.graph.clusters.len();
                self.graph.clusters.push(String::new());
                self.graph.clusters[position] = self.body().expect("a cluster has a label");
            } else if self.takes("=") {
                let value = self.id();
                label = if id == "label" { Some(value) } else { label };
            } else if self.takes("->") {
                let to = self.id();
                let attributes = self.attributes();
                let is_dashed = attributes.get("style").is_some_and(|style| style == "dashed");
                self.graph.edges.push((id, to, attributes["label"].clone(), is_dashed));
            } else {
                let attributes = self.attributes();
                if !["graph", "node", "edge"].contains(&id.as_str()) {
                    assert!(self.graph.nodes.insert(id, attributes["label"].clone()).is_none());
                }
            }
            let _ = self.takes(";");
        }
        label
    }
}

pub(crate) fn read(dot: &str) -> Graph {
    let mut reader = Dot { tokens: tokens(dot).into_iter().peekable(), graph: Graph::default() };
    assert_eq!(reader.id(), "digraph");
    reader.id();
    reader.body();
    assert_eq!(reader.tokens.next(), None);
    reader.graph
}
