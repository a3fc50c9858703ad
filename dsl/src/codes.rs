//! The codes of this crate's messages, `E01xx`. A code never changes its meaning.

/// The spec is empty.
pub const EMPTY: &str = "E0101";
