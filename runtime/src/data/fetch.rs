//! Data sets that can be downloaded.

mod catalogue;

pub use catalogue::{CATALOGUE, DataSet, File, Packing};
