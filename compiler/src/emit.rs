//! Checked network to outputs. Back ends only take a [`CheckedNetwork`](crate::CheckedNetwork), so none of them can fail.

pub mod report;
pub mod rust;
