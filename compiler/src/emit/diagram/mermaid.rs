//! The picture for Mermaid, which GitHub and many documentation tools draw in place.

use super::View;
use super::graph::{self, Tree};
use super::make::picture;
use super::words::Role;
use crate::CheckedNetwork;

/// The network as a flowchart of Mermaid.
pub fn mermaid(checked: &CheckedNetwork, view: View) -> String {
    let picture = picture(checked, view);
    let trees = graph::trees(&picture);
    let nodes = graph::nodes(&trees);
    let name = escaped(&checked.network().name.value);
    let mut text = format!("flowchart TB\n  accTitle: {name}\n");
    let mut clusters = Vec::new();
    for tree in &trees {
        write(tree, 1, &mut clusters, &mut text);
    }
    for edge in graph::edges(&picture, &nodes) {
        let arrow = if edge.is_dashed { "-.->" } else { "-->" };
        text += &format!("  n{} {arrow}|\"{}\"| n{}\n", edge.from, escaped(&edge.label), edge.to);
    }
    for role in Role::ALL {
        let ids: Vec<String> =
            nodes.iter().filter(|node| node.role == role).map(|node| format!("n{}", node.id)).collect();
        if !ids.is_empty() {
            let [fill, line] = role.colors();
            text += &format!("  classDef {} fill:{fill},stroke:{line},color:#1f2328\n", role.class());
            text += &format!("  class {} {}\n", ids.join(","), role.class());
        }
    }
    for (index, is_dashed) in clusters.iter().enumerate() {
        let dashes = if *is_dashed { ",stroke-dasharray:5 3" } else { "" };
        text += &format!("  style c{index} fill:none,stroke:#98a2ad{dashes}\n");
    }
    text
}

fn write(tree: &Tree<'_>, depth: usize, clusters: &mut Vec<bool>, text: &mut String) {
    let indent = "  ".repeat(depth);
    match tree {
        Tree::Node(node) => {
            let (open, close) = if node.role == Role::Terminal { ("([", "])") } else { ("[", "]") };
            *text += &format!("{indent}n{}{open}\"{}\"{close}\n", node.id, label(&graph::lines(node)));
        }
        Tree::Cluster { title, is_dashed, children } => {
            *text += &format!("{indent}subgraph c{}[\"{}\"]\n", clusters.len(), label(title));
            clusters.push(*is_dashed);
            for child in children {
                write(child, depth + 1, clusters, text);
            }
            *text += &format!("{indent}end\n");
        }
    }
}

fn label(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("<br/>")
}

/// Text between quotes. All that Mermaid could take for its own, such as quotes, `#`, HTML, Markdown and directives, becomes a
/// character's number: `#34;`.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | ',' | '/' | '-' | '_' | '=' => escaped.push(c),
            c if c.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            c if c.is_ascii() => escaped += &format!("#{};", u32::from(c)),
            c => escaped.push(c),
        }
    }
    escaped
}
