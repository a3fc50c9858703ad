//! GoogLeNet on real handwritten digits: `cargo run -p digits -- train`.
//!
//! `digits.yaml` is the network, `build.rs` compiles it, and the runtime's command line does the rest.

use googlenetc_runtime::cli::{Defaults, run_with};

googlenetc_runtime::include_network!("digits");

fn main() -> std::process::ExitCode {
    run_with::<Digits>(Defaults { data: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/data")) })
}
