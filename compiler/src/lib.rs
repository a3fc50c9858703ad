#![doc = include_str!("../README.md")]

pub mod against;
mod alone;
mod analysis;
pub mod build;
mod check;
pub mod codes;
mod data;
pub mod diff;
mod emit;
pub mod explain;
mod fix;
mod fraction;
mod init;
pub mod input;
pub mod layers;
pub mod layout;
mod libraries;
pub mod lints;
mod lower;
pub mod network;
pub mod ops;
mod pipeline;
mod settings;
mod shape;
mod unread;

pub use alone::Call;
pub use analysis::sizes::{Above, SizeRange, Sizes, valid_sizes};
pub use check::CheckedNetwork;
pub use check::at::{Mode, Refusal, Trial, Value, at};
pub use emit::{diagram, messages, reference, report, rust, schema, style};
pub use init::{Fan, Init};
pub use libraries::{Embedded, Library, Loader};
pub use pipeline::{Compilation, Options, compile, compile_tree, compile_with};
pub use shape::Shape;
