//! The specs in a folder.

use std::path::{Path, PathBuf};

use googlenetc_dsl::Syntax;

/// The top-level keys that only specs and libraries have, among the data files that may lie beside them.
const KEYS: [&str; 6] = ["network:", "blocks:", "stem:", "table:", "body:", "heads:"];

/// What a folder holds, in the order of names.
pub(super) struct Folder {
    /// Specs and libraries.
    pub(super) specs: Vec<String>,
    /// YAML files that are something else.
    pub(super) others: Vec<String>,
}

/// The specs that lie in a folder, not in folders below it.
pub(super) fn specs(folder: &str) -> Result<Folder, String> {
    let files = files(folder).map_err(|error| format!("cannot read the folder `{folder}`: {error}"))?;
    let (specs, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_spec(file));
    if specs.is_empty() {
        return Err(format!(
            "there is no spec in the folder `{folder}`: no `.gnet` file, and no `.yaml` file with `network` or `blocks`"
        ));
    }
    let specs = specs.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let others = others.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
    Ok(Folder { specs, others })
}

/// All files of a folder that could be specs by their names, sorted.
pub(super) fn files(folder: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if ["yaml", "yml", "gnet"].contains(&extension) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What cannot be read is taken for a spec, so that somebody hears of it.
fn is_spec(file: &Path) -> bool {
    if Syntax::of_name(&file.to_string_lossy()) == Syntax::Text {
        return true;
    }
    let Ok(text) = std::fs::read_to_string(file) else { return true };
    text.trim_start_matches('\u{feff}').lines().any(|line| KEYS.iter().any(|key| line.starts_with(key)))
}
