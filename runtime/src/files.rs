//! Files that appear whole or not at all.

use std::io::Write;
use std::path::Path;

/// How the names of files begin that are not complete yet. A process that is killed can leave one behind.
pub(crate) const UNFINISHED: &str = ".unfinished-";

/// Writes `bytes` to `path`: beside its place first, then to the disk, then moved, and then the name to the disk, so that the
/// file outlasts a power cut. If any of that fails nothing is left of it, and what was in `path` stays.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        // As any other new file; temporary ones are readable by their owner alone.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let folder = folder_of(path);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// Brings the names in a folder to the disk. On Windows folders cannot be opened, and the system sees to it itself.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes what earlier processes that were killed did not finish writing. Nobody else may be writing to the folder.
pub(crate) fn remove_unfinished(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The folder that `path` lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
