//! {TITLE}: `cargo run -- --help` lists what this program does.

googlenetc_runtime::include_network!({STEM});

fn main() -> std::process::ExitCode {
    googlenetc_runtime::cli::run::<{TYPE}>()
}
