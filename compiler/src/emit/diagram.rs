//! The network as a picture: SVG, DOT for Graphviz, Mermaid for documents.
//!
//! All three draw the same parts: a box for each layer, a cluster for each block, a shape on each edge. Copies of one block that
//! follow one another are drawn once. The SVG is laid out here; it needs no program, no font and no script.

mod dot;
mod fold;
mod graph;
mod make;
mod mermaid;
mod parts;
mod svg;
mod words;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

/// What is the same in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// How deep to look: 1 shows items of the trunk and heads as boxes, `None` every layer.
    pub depth: Option<usize>,
}
