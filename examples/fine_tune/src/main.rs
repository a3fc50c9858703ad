//! A GoogLeNet that begins with the weights of another class count: `cargo run -p fine_tune -- train --weights FILE --partial`.

use googlenetc_runtime::cli::{Defaults, run_with};

googlenetc_runtime::include_network!("pairs");

fn main() -> std::process::ExitCode {
    run_with::<Pairs>(Defaults { data: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/data")) })
}
