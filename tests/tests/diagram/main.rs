//! Pictures: nothing overlaps, every text fits, and what they show is what the paper says.
//!
//! The SVG is read with an independent XML parser, and texts are measured with the widths of a real font. DOT and Mermaid are read
//! by small parsers of what is used of their grammars.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod dot;
mod faults;
mod graphs;
mod mermaid;
mod picture;
mod pictures;

use std::collections::BTreeMap;

use googlenetc::CheckedNetwork;
use googlenetc::diagram::{self, View};

const ALL: View = View { depth: None };

fn compiled(spec: &str) -> CheckedNetwork {
    let compilation = googlenetc::compile("page.yaml", spec);
    compilation.network.unwrap_or_else(|| panic!("{}", googlenetc::compile("page.yaml", spec).render(false)))
}

/// A graph as read: labels of nodes, titles of clusters, edges with labels and whether they are dashed.
#[derive(Debug, Default, PartialEq)]
struct Graph {
    nodes: BTreeMap<String, String>,
    clusters: Vec<String>,
    edges: Vec<(String, String, String, bool)>,
}

fn graphs(network: &CheckedNetwork, view: View) -> [Graph; 2] {
    [dot::read(&diagram::dot(network, view)), mermaid::read(&diagram::mermaid(network, view))]
}
