//! Compiles the spec; `src/main.rs` includes the result.

fn main() -> Result<(), googlenetc::build::Error> {
    {COMPILE}
}
