//! What the fuzz targets share: how they make their input, and what must hold for all of it.

pub mod everything;
pub mod messages;
pub mod reading;
pub mod tree;
