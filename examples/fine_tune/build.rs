//! Compiles the spec; `src/main.rs` includes the result.

fn main() -> Result<(), googlenetc::build::Error> {
    googlenetc::build::compile("pairs.yaml")?;
    // The network whose weights it begins with; only the test includes it.
    googlenetc::build::compile("../digits/digits.yaml")
}
