//! Data sets of every kind: what is read from them, what is said about bad ones, and what `data check` says of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../fixtures/mod.rs"]
mod fixtures;

mod check;
mod kinds;
mod refusals;
mod splits;
