//! `identity`: hands on what it gets, such as the shortcut of a residual block.

use super::Kind;

pub(super) const KIND: Kind = Kind {
    keyword: "identity",
    title: "identity",
    summary: "Hands on what it gets: a shortcut, or a branch that passes through.",
    positional: &[],
    attributes: &[],
    variables: "",
    examples: &["identity"],
    expand: |_| Some(Vec::new()),
};
