//! Whether a workspace above would refuse the new crate.

use std::path::Path;

use googlenetc::input::without_detours;
use toml::{Table, Value};

/// Whether cargo would take the folder for a part of a workspace above that does not name it as a member. As cargo does, this asks
/// the nearest manifest above with a workspace that does not exclude the folder. One that cannot be read is left to cargo.
pub(super) fn refuses(folder: &Path) -> bool {
    let Ok(folder) = std::path::absolute(folder).map(|folder| without_detours(&folder)) else { return false };
    let mut above = folder.ancestors().skip(1).filter_map(|root| Some((root, workspace(root)?)));
    above
        .find(|(root, workspace)| !list(workspace, "exclude").any(|path| folder.starts_with(root.join(path))))
        .is_some_and(|(root, workspace)| !is_member(&folder, root, &workspace))
}

/// The workspace of the manifest in a folder.
fn workspace(folder: &Path) -> Option<Table> {
    let manifest: Table = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?.parse().ok()?;
    manifest.get("workspace")?.as_table().cloned()
}

fn list<'a>(workspace: &'a Table, key: &str) -> impl Iterator<Item = &'a str> {
    workspace.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a path or a pattern in `members` names the folder.
fn is_member(folder: &Path, root: &Path, workspace: &Table) -> bool {
    let Ok(below) = folder.strip_prefix(root) else { return false };
    // Cargo looks for what a pattern finds, and there no `*` goes beyond a folder.
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    list(workspace, "members").any(|member| {
        let pattern = glob::Pattern::new(&without_detours(Path::new(member)).to_string_lossy());
        pattern.is_ok_and(|pattern| pattern.matches_path_with(below, options))
    })
}
