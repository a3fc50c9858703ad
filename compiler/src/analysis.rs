//! What can be known about a checked network beyond shapes and costs: side tables for reports.

pub(crate) mod memory;
pub(crate) mod range;
pub(crate) mod readers;
pub(crate) mod receptive;
pub(crate) mod sizes;
