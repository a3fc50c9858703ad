//! What may have been meant by a spec that is not there: a file in the same folder, or an embedded network.

use std::path::Path;

use googlenetc_dsl::suggest;
use googlenetc_specs::NETWORKS;

/// The endings of specs.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".gnet"];

/// The files and networks that may have been meant, in backquotes.
pub(super) fn meant(spec: &str) -> Vec<String> {
    let path = Path::new(spec);
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let files = specs(folder);
    let known = || files.iter().map(|file| stem(file));
    let word = stem(&name);
    let near = known().find(|known| *known == word).or_else(|| suggest::nearest(word, known()));
    let file = files.iter().find(|file| near == Some(stem(file)));
    let file = file.map(|file| format!("`{}`", folder.join(file).display()));
    let has_folder = !folder.as_os_str().is_empty();
    let networks = || NETWORKS.iter().map(|network| network.name).filter(|_| !has_folder);
    let network = networks().find(|known| *known == word).or_else(|| suggest::nearest(word, networks()));
    let network = network.map(|name| format!("the embedded `{name}`"));
    file.into_iter().chain(network).collect()
}

/// The first spec in a folder.
pub(super) fn first(folder: &str) -> Option<String> {
    let folder = Path::new(folder);
    specs(folder).first().map(|file| folder.join(file).to_string_lossy().into_owned())
}

/// The names of the specs that lie in a folder, in order; none, if it cannot be read.
fn specs(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| stem(name) != name && folder.join(name).is_file()).collect();
    names.sort();
    names
}

/// A file's name without the ending of a spec. Other dots are part of names, as in `squeezenet-1.1`.
fn stem(name: &str) -> &str {
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}
