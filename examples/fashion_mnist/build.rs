//! Compiles the two networks; `src` includes the results.

use googlenetc::build::{Error, Options};

fn main() -> Result<(), Error> {
    for spec in ["fashion-mnist", "fashion-mnist-sequential"] {
        // They are kept as somebody published them, and the compiler would warn of that in every build.
        Options::new().allow("all").compile(&format!("../../specs/{spec}.yaml"))?;
    }
    Ok(())
}
