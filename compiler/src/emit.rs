//! Checked network to outputs. Back ends only take a [`CheckedNetwork`](crate::CheckedNetwork), so none of them can fail.

pub mod diagram;
pub mod messages;
pub mod reference;
pub mod report;
pub mod rust;
pub mod schema;
pub mod style;
