//! Compiles the network; `src/main.rs` includes the result.

use googlenetc::build::{Error, Options};

fn main() -> Result<(), Error> {
    // It is kept as somebody published it, and the compiler would warn of that in every build.
    Options::new().allow("all").compile("../../specs/tiny-imagenet.yaml")
}
