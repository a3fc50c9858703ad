//! `googlenetc doctor`: each finding, in made-up surroundings. Libraries are real ones, empty, made by the C compiler that links Rust.
#![cfg(all(feature = "cli", target_os = "linux"))]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files and fail by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod case;
mod libraries;
mod libtorch;
mod programs;
mod surroundings;
