//! The folder of a run, which never silently takes an earlier run's place.

use crate::error::{Error, Result};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Makes the folder `chosen`, or else the first free one of `runs/NAME-1`, `runs/NAME-2`, ...
///
/// # Errors
/// When the folder cannot be made, or `chosen` exists and `force` is false.
pub fn create(chosen: Option<&Path>, name: &str, force: bool) -> Result<PathBuf> {
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

#[cfg(test)]
mod tests {
    use super::{create_chosen, create_numbered};

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
