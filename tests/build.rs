//! Compiles the specs whose generated modules the tests run.

fn main() -> Result<(), googlenetc::build::Error> {
    for spec in
        ["../specs/googlenet", "specs/batch_norm", "specs/geometry", "specs/heads", "specs/names", "specs/nested"]
    {
        googlenetc::build::compile(&format!("{spec}.yaml"))?;
    }
    Ok(())
}
