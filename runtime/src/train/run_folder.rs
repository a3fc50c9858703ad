//! The folder of a run, which never silently takes an earlier run's place.

use crate::error::{Error, Result};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Makes the folder `chosen`, or else the first free one of `runs/NAME-1`, `runs/NAME-2`, ...
///
/// # Errors
/// When the folder cannot be made, or `chosen` exists and `force` is false.
pub(crate) fn create(chosen: Option<&Path>, name: &str, force: bool) -> Result<PathBuf> {
    match chosen {
        Some(folder) => create_chosen(folder, force),
        None => create_numbered(Path::new("runs"), name),
    }
}

fn create_chosen(folder: &Path, force: bool) -> Result<PathBuf> {
    if folder.exists() && !force {
        return Err(Error::failed(format!(
            "`{}` exists already; choose another folder with --out, or overwrite the run in it with --force",
            folder.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, &e))?;
    Ok(folder.to_owned())
}

fn create_numbered(parent: &Path, name: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(parent).map_err(|e| Error::io("make the folder", parent, &e))?;
    let mut number = 1;
    loop {
        let folder = parent.join(format!("{name}-{number}"));
        // Making it is the test whether it is free, so that two runs never share one.
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(e) => return Err(Error::io("make the folder", &folder, &e)),
        }
    }
}

/// Takes away a new folder whose run could not begin, unless there is something in it that no such run leaves.
pub(crate) fn discard(folder: &Path) {
    for name in ["data.yaml", "log.txt", "recipe.yaml", ".lock"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    let _ = std::fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::{create_chosen, create_numbered, discard};

    #[test]
    fn what_a_run_that_did_not_begin_leaves_is_taken_away_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let folder = create_numbered(parent.path(), "tiny").unwrap();
        std::fs::write(folder.join("log.txt"), "").unwrap();
        std::fs::write(folder.join("notes.txt"), "").unwrap();
        discard(&folder);
        assert!(!folder.join("log.txt").exists() && folder.join("notes.txt").exists());
        std::fs::remove_file(folder.join("notes.txt")).unwrap();
        discard(&folder);
        assert!(!folder.exists());
    }

    #[test]
    fn numbers_go_on_after_earlier_runs() {
        let parent = tempfile::tempdir().unwrap();
        for expected in ["tiny-1", "tiny-2", "tiny-3"] {
            assert_eq!(create_numbered(parent.path(), "tiny").unwrap(), parent.path().join(expected));
        }
    }

    #[test]
    fn an_existing_folder_is_refused_unless_forced() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("mine");
        create_chosen(&folder, false).unwrap();
        let message = create_chosen(&folder, false).unwrap_err().to_string();
        assert!(message.contains("exists already") && message.contains("--force"), "{message}");
        create_chosen(&folder, true).unwrap();
    }
}
