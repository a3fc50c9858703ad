//! The network as the parts of a picture: boxes, sequences of them, branches, clusters.

use std::ops::Range;

use super::words::Role;
use crate::CheckedNetwork;
use crate::network::{Phase, Source};
use crate::shape::Shape;

/// A network to draw.
pub(super) struct Picture<'a> {
    pub(super) checked: &'a CheckedNetwork,
    /// The trunk, and behind it the head that continues it.
    pub(super) trunk: Vec<Part>,
    /// The heads that stand beside the trunk, in the order of their sources.
    pub(super) aside: Vec<HeadPart>,
    /// Which box makes the value of an operation: its number, by operation.
    pub(super) owners: Vec<usize>,
    /// What boxes do not say.
    pub(super) sentences: Vec<String>,
}

/// A part of a picture.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Node(Node),
    /// One after the other; empty where a value passes through.
    Sequence(Vec<Part>),
    Branches(Branches),
    Cluster(Cluster),
}

/// A box.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its number; the input has 0.
    pub(super) id: usize,
    /// The author's name of it.
    pub(super) name: Option<String>,
    /// What it is: `conv 3x3`.
    pub(super) text: String,
    /// What is unusual about it.
    pub(super) notes: Vec<String>,
    /// All about it.
    pub(super) detail: String,
    pub(super) role: Role,
    /// What it computes.
    pub(super) operations: Range<usize>,
    /// What it hands on.
    pub(super) output: Shape,
}

/// Branches that read the same value, and what joins them.
#[derive(Debug, Clone)]
pub(super) struct Branches {
    pub(super) branches: Vec<Branch>,
    pub(super) join: Node,
}

/// One of several branches.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) name: String,
    pub(super) part: Part,
}

/// A part with a frame and a title.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) title: Title,
    pub(super) body: Box<Part>,
}

/// What stands above a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// The author's name of it; may be empty.
    pub(super) name: String,
    /// The block that it is a call of; may be empty.
    pub(super) what: String,
    /// How many copies it stands for.
    pub(super) times: usize,
}

/// A head beside the trunk.
pub(super) struct HeadPart {
    pub(super) name: String,
    /// The label or path of its source.
    pub(super) from: String,
    /// The box that it hangs off.
    pub(super) source: usize,
    /// Shape of what it reads.
    pub(super) input: Shape,
    pub(super) weight: f64,
    pub(super) phase: Phase,
    /// Its layers and its output.
    pub(super) parts: Vec<Part>,
}

impl Title {
    /// All of it in a line.
    pub(super) fn line(&self) -> String {
        [self.name.clone(), self.what.clone(), self.copies()]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// `× 20`.
    pub(super) fn copies(&self) -> String {
        if self.times > 1 { format!("× {}", self.times) } else { String::new() }
    }
}

impl Picture<'_> {
    /// The box that makes a value.
    pub(super) fn owner(&self, source: Source) -> usize {
        owner(&self.owners, source)
    }
}

/// The box that makes a value.
pub(super) fn owner(owners: &[usize], source: Source) -> usize {
    match source {
        Source::Operation(index) => owners[index],
        Source::Input | Source::Unknown => 0,
    }
}
