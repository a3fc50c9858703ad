//! The picture as nodes and edges, for the formats that are laid out by others.

use std::collections::BTreeSet;

use super::parts::{Node, Part, Picture, Title};
use super::words::Role;
use crate::network::{Phase, Source};
use crate::shape::Shape;

/// Nodes in clusters, in the order of execution.
pub(super) enum Tree<'a> {
    Node(&'a Node),
    Cluster { title: Vec<String>, is_dashed: bool, children: Vec<Tree<'a>> },
}

/// An edge between two nodes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: String,
    /// Whether it only exists in training.
    pub(super) is_dashed: bool,
}

/// The trunk, then the heads beside it.
pub(super) fn trees<'a>(picture: &'a Picture<'_>) -> Vec<Tree<'a>> {
    let mut trees = Vec::new();
    for part in &picture.trunk {
        add(part, &mut trees);
    }
    for head in &picture.aside {
        let mut children = Vec::new();
        for part in &head.parts {
            add(part, &mut children);
        }
        let mut title = vec![format!("{} head from {}", head.name, head.from), format!("loss weight {}", head.weight)];
        if head.phase == Phase::Training {
            title.push("only in training".into());
        }
        trees.push(Tree::Cluster { title, is_dashed: head.phase == Phase::Training, children });
    }
    trees
}

fn add<'a>(part: &'a Part, trees: &mut Vec<Tree<'a>>) {
    match part {
        Part::Node(node) => trees.push(Tree::Node(node)),
        Part::Sequence(parts) => parts.iter().for_each(|part| add(part, trees)),
        Part::Branches(branches) => {
            branches.branches.iter().for_each(|branch| add(&branch.part, trees));
            trees.push(Tree::Node(&branches.join));
        }
        Part::Cluster(cluster) => {
            let mut children = Vec::new();
            add(&cluster.body, &mut children);
            trees.push(Tree::Cluster { title: vec![Title::line(&cluster.title)], is_dashed: false, children });
        }
    }
}

/// Every node, in order.
pub(super) fn nodes<'a>(trees: &'a [Tree<'a>]) -> Vec<&'a Node> {
    let mut nodes = Vec::new();
    for tree in trees {
        match tree {
            Tree::Node(node) => nodes.push(*node),
            Tree::Cluster { children, .. } => nodes.extend(self::nodes(children)),
        }
    }
    nodes
}

/// Where values go, by what the operations themselves read, and to the outputs.
pub(super) fn edges(picture: &Picture<'_>, nodes: &[&Node]) -> Vec<Edge> {
    let network = picture.checked.network();
    let edge = |source: Source, to: usize, phase: Phase| Edge {
        from: picture.owner(source),
        to,
        label: label(picture.checked.shape(source)),
        is_dashed: phase == Phase::Training,
    };
    let mut edges = Vec::new();
    let mut outputs = network.outputs.iter().map(|index| &network.heads[*index]);
    for node in nodes {
        let mut seen = BTreeSet::new();
        for index in node.operations.clone() {
            let operation = &network.operations[index];
            for source in operation.inputs.iter().filter(|source| !is_inside(node, **source)) {
                let edge = edge(*source, node.id, operation.phase);
                // A closed part reads a value once, whatever it does with it; a join reads what each branch hands on.
                if node.role == Role::Join || seen.insert(edge.clone()) {
                    edges.push(edge);
                }
            }
        }
    }
    let terminals = nodes.iter().filter(|node| node.role == Role::Terminal && node.id > 0);
    let mut terminals: Vec<&&Node> = terminals.collect();
    terminals.sort_by_key(|node| node.id);
    for (node, head) in terminals.into_iter().zip(&mut outputs) {
        edges.push(edge(head.layers.output, node.id, head.phase));
    }
    edges
}

fn is_inside(node: &Node, source: Source) -> bool {
    matches!(source, Source::Operation(index) if node.operations.contains(&index))
}

fn label(shape: Shape) -> String {
    shape.to_string()
}

/// What stands in a node, line by line: its name, what it is, what is unusual.
pub(super) fn lines(node: &Node) -> Vec<String> {
    node.name.iter().chain(std::iter::once(&node.text)).chain(&node.notes).cloned().collect()
}
