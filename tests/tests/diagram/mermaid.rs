//! Mermaid, read by a small parser of what is used of its grammar.

use super::Graph;

/// A text of Mermaid: no quotes inside, characters by number.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (index, line) in text.split("<br/>").enumerate() {
        plain += if index > 0 { "\n" } else { "" };
        let mut parts = line.split('#');
        plain += parts.next().unwrap();
        for part in parts {
            let (code, rest) = part.split_once(';').expect("a number ends with a semicolon");
            plain.push(char::from_u32(code.parse().unwrap()).unwrap());
            plain += rest;
        }
    }
    assert!(!text.replace("<br/>", "").contains(['"', '<', '>', '`', '{', '}', '%', '&']), "{text}");
    plain
}

/// Every line is one statement: a node, the beginning or the end of a subgraph, an edge, a style.
pub(crate) fn read(mermaid: &str) -> Graph {
    let mut graph = Graph::default();
    let mut depth = 0;
    let mut lines = mermaid.lines();
    assert_eq!(lines.next(), Some("flowchart TB"));
    assert!(lines.next().unwrap().starts_with("  accTitle: "));
    for line in lines.map(str::trim) {
        let is_id = |id: &str| id.len() > 1 && id[1..].bytes().all(|byte| byte.is_ascii_digit());
        if line == "end" {
            depth -= 1;
        } else if let Some(rest) = line.strip_prefix("subgraph ") {
            let (id, title) = rest.split_once("[\"").unwrap();
            assert!(is_id(id) && id.starts_with('c'));
            graph.clusters.push(plain(title.strip_suffix("\"]").unwrap()));
            depth += 1;
        } else if line.starts_with("classDef ") || line.starts_with("class ") || line.starts_with("style ") {
            assert!(!line.contains(['"', ';']), "{line}");
        } else if let Some((from, rest)) = line.split_once("->|\"") {
            let (label, to) = rest.split_once("\"| ").unwrap();
            let (from, arrow) = from.split_once(' ').unwrap();
            assert!(is_id(from) && is_id(to) && ["-", "-."].contains(&arrow), "{line}");
            graph.edges.push((from.into(), to.into(), plain(label), arrow == "-."));
        } else {
            let (id, label) = line.split_once(['[', '(']).unwrap();
            let label = label.trim_start_matches('[').strip_prefix('"').unwrap();
            let label = label.strip_suffix("\"]").or(label.strip_suffix("\"])")).unwrap();
            assert!(is_id(id), "{line}");
            assert!(graph.nodes.insert(id.into(), plain(label)).is_none());
        }
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
    graph
}
