//! Compiles every spec whose generated module the tests run: those of `specs` and `tests/specs`, and writes a test for each.
//! Then the same for specs with mistakes.

mod mistakes;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use googlenetc::build::Options;
use mistakes::{MISTAKES, Mistake};

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
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("every_spec.rs"), tests)?;
    let mistakes: Vec<String> =
        (0..).zip(&MISTAKES).map(|(place, it)| mistake(&out, place, it)).collect::<Result<_, _>>()?;
    fs::write(out.join("mistakes.rs"), mistakes.concat())?;
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
    let network = network(&PathBuf::from(std::env::var("OUT_DIR")?), &name)?;
    let module = format!("{prefix}{}", module(&name));
    let path = Path::new("tests").join(spec);
    let path = path.to_string_lossy().replace("tests/../", "");
    Ok(format!(
        "/// The code of `{path}`.\n\
         #[deny(warnings)]\n\
         #[allow(clippy::too_many_lines, reason = \"the workspace's limit is lower than clippy's\")]\n\
         pub mod {module} {{\n    googlenetc_runtime::include_network!({name:?});\n}}\n\n\
         #[test]\nfn {module}_agrees() {{\n    agrees::<{module}::{network}>({path:?});\n}}\n\n"
    ))
}

/// A module with the code of a spec into which a mistake is made, and a test that compares it with the spec as it is.
fn mistake(out: &Path, place: usize, mistake: &Mistake) -> Result<String, Box<dyn Error>> {
    let Mistake { name, model, spec, layout, changes, first } = mistake;
    let mut text = fs::read_to_string(Path::new("../specs").join(spec).with_extension("yaml"))?;
    for (before, after) in *changes {
        if !text.contains(before) {
            return Err(format!("{name}: `{spec}` no longer has `{before}`").into());
        }
        text = text.replace(before, after);
    }
    let file = out.join(name).with_extension("yaml");
    fs::write(&file, text)?;
    Options::new().allow("all").compile(&file.to_string_lossy())?;
    let (network, right) = (network(out, name)?, module(model));
    Ok(format!(
        "/// A mistake in `{spec}`.\n\
         pub mod {name} {{\n    googlenetc_runtime::include_network!({name:?});\n}}\n\n\
         #[test]\nfn mistake_{name}() {{\n    \
         notices::<{right}::{network}, {name}::{network}>({model:?}, {layout:?}, {place}, {first:?});\n}}\n\n"
    ))
}

/// The name of the network that the code in `out` implements.
fn network(out: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let code = fs::read_to_string(out.join(format!("{name}.rs")))?;
    let network = code.split_once("impl Network for ").and_then(|(_, rest)| rest.split_whitespace().next());
    Ok(network.ok_or("the code implements a network")?.to_owned())
}

/// What a module is called that holds the code of a spec.
fn module(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
