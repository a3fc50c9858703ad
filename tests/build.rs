//! Compiles every spec whose generated module the tests run: those of `specs` and `tests/specs`, and writes a test for each.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use googlenetc::build::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let mut tests = String::new();
    for (folder, prefix) in [("../specs", ""), ("specs", "small_")] {
        println!("cargo::rerun-if-changed={folder}");
        for spec in specs(Path::new(folder))? {
            // What they warn of is asserted elsewhere, and here would hide what matters.
            Options::new().allow("all").compile(&spec.to_string_lossy())?;
            tests += &test(&spec, prefix)?;
        }
    }
    fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("every_spec.rs"), tests)?;
    Ok(())
}

/// The specs in a folder, sorted. Their twins in the text language give the same code.
fn specs(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().unwrap_or_default();
        if extension == "yaml" || (extension == "gnet" && !path.with_extension("yaml").exists()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A module with the generated code, as several can live in one crate, and a test that runs it.
fn test(spec: &Path, prefix: &str) -> Result<String, Box<dyn Error>> {
    let name = spec.file_stem().ok_or("a spec has a name")?.to_string_lossy();
    let code = fs::read_to_string(PathBuf::from(std::env::var("OUT_DIR")?).join(format!("{name}.rs")))?;
    let network = code.split_once("impl Network for ").and_then(|(_, rest)| rest.split_whitespace().next());
    let network = network.ok_or("the code implements a network")?;
    let module: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let module = format!("{prefix}{module}");
    let path = Path::new("tests").join(spec);
    let path = path.to_string_lossy().replace("tests/../", "");
    Ok(format!(
        "/// The code of `{path}`.\n\
         #[deny(warnings)]\n\
         #[allow(clippy::similar_names, clippy::struct_field_names, clippy::too_many_lines, reason = \"lengths and names are the spec's affair\")]\n\
         pub mod {module} {{\n    googlenetc_runtime::include_network!({name:?});\n}}\n\n\
         #[test]\nfn {module}_agrees() {{\n    agrees::<{module}::{network}>({path:?});\n}}\n\n"
    ))
}
