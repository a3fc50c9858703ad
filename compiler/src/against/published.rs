//! A published table.

mod read;

use std::collections::BTreeMap;

pub use read::read;

/// A table that somebody published.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Published {
    /// Where it was published.
    pub title: String,
    /// Channels, height, width of its input.
    pub input: Vec<u64>,
    /// Its number of classes.
    pub classes: u64,
    /// How much one K of the column `params` is.
    pub thousand: f64,
    /// How far, in K, weights may be from `params`.
    pub params_tolerance: f64,
    /// How far, in millions, multiply-adds may be from `ops`.
    pub ops_tolerance: f64,
    /// What channel columns stand for: branch by branch, kernels with their columns.
    pub(super) branches: Vec<Vec<Step>>,
    pub(super) rows: Vec<Row>,
    /// What the table itself has wrong.
    pub(super) errata: Vec<Erratum>,
    /// Rows without a number of their own.
    pub(super) not_compared: Vec<String>,
    /// The layers of a head that only helps training.
    pub(super) auxiliary: Vec<Auxiliary>,
}

/// A layer of a head, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Auxiliary {
    /// `avg pool`.
    pub(super) kind: String,
    /// `5x5/3`; may be empty.
    pub(super) words: String,
}

/// A step of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Pool,
    /// A convolution, by its kernel and the column of its channels.
    Conv {
        kernel: String,
        column: String,
    },
}

/// A row as printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) patch: Option<String>,
    pub(super) output: Vec<u64>,
    pub(super) depth: Option<u64>,
    pub(super) channels: BTreeMap<String, u64>,
    pub(super) params: Option<f64>,
    pub(super) ops: Option<f64>,
}

/// A printed value that the table contradicts itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Erratum {
    /// The row, or `total`.
    pub row: String,
    /// What is right in the column `params`, in weights.
    pub params: Option<Correction>,
    /// What is right in the column `ops`, in multiply-adds.
    pub ops: Option<Correction>,
    /// The explanation.
    pub why: String,
}

/// What is right where the table is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Correction {
    /// What follows from the table's own channels.
    pub correct: f64,
    /// A count that gives the printed value.
    pub explained: Option<f64>,
    /// How much one K of the printed value is, where it is not the table's.
    pub thousand: Option<f64>,
}
