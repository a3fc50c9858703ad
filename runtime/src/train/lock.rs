//! One process at a time in the folder of a run.

use crate::error::{Error, Result};
use std::fs::{File, TryLockError};
use std::path::Path;

/// The folder of a run belongs to who holds this. The system takes it back when the process ends, however that comes about.
#[derive(Debug)]
pub(super) struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// # Errors
    /// When another process holds it, or the file that stands for it cannot be made.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(".lock");
        let options = File::options().create(true).truncate(false).write(true).open(&path);
        let file = options.map_err(|e| Error::io("write", &path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(Error::failed(format!(
                "another process is training in `{}`; let it end, or choose another folder with --out",
                folder.display()
            ))),
            // Some file systems know no locks, and training there is better than not at all.
            Err(TryLockError::Error(_)) => Ok(Self { _file: None }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let message = Lock::take(folder.path()).unwrap_err().to_string();
        assert!(message.contains("another process"), "{message}");
        drop(lock);
        Lock::take(folder.path()).unwrap();
    }
}
