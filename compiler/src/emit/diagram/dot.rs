//! The picture for Graphviz.

use super::View;
use super::graph::{self, Tree};
use super::make::picture;
use super::words::Role;
use crate::CheckedNetwork;

/// The network in the language DOT, to be laid out by Graphviz: `dot -Tsvg`.
pub fn dot(checked: &CheckedNetwork, view: View) -> String {
    let picture = picture(checked, view);
    let trees = graph::trees(&picture);
    let name = quoted(&checked.network().name.value);
    let mut text = format!("digraph {name} {{\n");
    text += &format!(
        "  graph [label={name}, labelloc=t, fontname=\"Helvetica\", fontsize=16, nodesep=0.2, ranksep=0.3, ordering=out]\n"
    );
    text += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, height=0.3, margin=\"0.1,0.04\"]\n";
    text += "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.6, color=\"#57606a\"]\n";
    let mut clusters = 0;
    for tree in &trees {
        write(tree, 1, &mut clusters, &mut text);
    }
    for edge in graph::edges(&picture, &graph::nodes(&trees)) {
        let style = if edge.is_dashed { ", style=dashed" } else { "" };
        text += &format!("  n{} -> n{} [label={}{style}]\n", edge.from, edge.to, quoted(&edge.label));
    }
    text + "}\n"
}

fn write(tree: &Tree<'_>, depth: usize, clusters: &mut usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match tree {
        Tree::Node(node) => {
            let [fill, line] = node.role.colors();
            let shape = if node.role == Role::Terminal { ", shape=oval" } else { "" };
            let (label, tooltip) = (quoted(&graph::lines(node).join("\n")), quoted(&node.detail));
            *text += &format!(
                "{indent}n{} [label={label}, tooltip={tooltip}, fillcolor=\"{fill}\", color=\"{line}\"{shape}]\n",
                node.id
            );
        }
        Tree::Cluster { title, is_dashed, children } => {
            let style = if *is_dashed { "rounded,dashed" } else { "rounded" };
            *text += &format!("{indent}subgraph cluster_{clusters} {{\n");
            *text += &format!("{indent}  label={}; labeljust=l; style=\"{style}\"; ", quoted(&title.join("\n")));
            *text += "color=\"#98a2ad\"; fontsize=12\n";
            *clusters += 1;
            for child in children {
                write(child, depth + 1, clusters, text);
            }
            *text += &format!("{indent}}}\n");
        }
    }
}

/// A quoted string of DOT. Graphviz replaces escapes such as `\N`, and entities such as `&lt;`, so both are taken literally only
/// when their first character is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '&' => quoted += "&amp;",
            c if c.is_control() => quoted.push(char::REPLACEMENT_CHARACTER),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
