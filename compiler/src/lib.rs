#![doc = include_str!("../README.md")]

pub mod codes;
mod init;
mod layers;
mod lower;
pub mod network;
pub mod ops;
mod shape;

pub use init::Init;
pub use shape::Shape;
