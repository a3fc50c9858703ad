//! Where the entries of an archive go.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The longest name of an entry, in bytes.
const LONGEST: usize = 1024;

/// The folder that an archive is unpacked into, and what of it is taken.
pub(super) struct Place<'a> {
    /// The one folder in the archive.
    folder: &'a str,
    into: &'a Path,
    /// Names without regard to case, as some file systems see them, with what they really are.
    taken: HashMap<String, Taken>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Taken {
    File,
    Folder(String),
}

impl<'a> Place<'a> {
    pub(super) fn new(folder: &'a str, into: &'a Path) -> Self {
        Self { folder, into, taken: HashMap::new() }
    }

    /// The path of a file.
    ///
    /// # Errors
    /// When it has no place here; the reason follows on its name.
    pub(super) fn file(&mut self, name: &[u8]) -> Result<PathBuf, String> {
        let parts = self.parts(name)?;
        let (last, folders) = parts.split_last().ok_or("is no file")?;
        let folder = self.take_folders(folders)?;
        let path = join(&folder, last);
        match self.taken.insert(path.to_lowercase(), Taken::File) {
            None => Ok(self.into.join(path)),
            Some(_) => Err("comes twice, or differs from another name by nothing but capitals".to_owned()),
        }
    }

    /// The path of a folder.
    ///
    /// # Errors
    /// As for a file.
    pub(super) fn folder(&mut self, name: &[u8]) -> Result<PathBuf, String> {
        let parts = self.parts(name.strip_suffix(b"/").unwrap_or(name))?;
        let path = self.take_folders(&parts)?;
        Ok(self.into.join(path))
    }

    /// The parts of a name inside of the folder that everything lies in.
    fn parts(&self, name: &[u8]) -> Result<Vec<String>, String> {
        if name.len() > LONGEST {
            return Err(format!("has a name of {} bytes", name.len()));
        }
        let name = str::from_utf8(name).map_err(|_| "is not UTF-8")?;
        if name.starts_with('/') {
            return Err("is an absolute path".to_owned());
        }
        let mut parts = name.split('/');
        if let Some(part) = parts.clone().find(|part| !is_plain(part)) {
            return Err(format!("has the part `{}`, which is no plain name", part.escape_default()));
        }
        if parts.next() != Some(self.folder) {
            return Err(format!("lies outside of the folder `{}`", self.folder));
        }
        Ok(parts.map(str::to_owned).collect())
    }

    /// Makes sure that these are folders, each inside of the one before.
    fn take_folders(&mut self, parts: &[String]) -> Result<String, String> {
        let mut path = String::new();
        for part in parts {
            path = join(&path, part);
            let taken = self.taken.entry(path.to_lowercase()).or_insert_with(|| Taken::Folder(path.clone()));
            if *taken != Taken::Folder(path.clone()) {
                return Err("goes through a file, or differs from another name by nothing but capitals".to_owned());
            }
        }
        Ok(path)
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether a part of a path is the name of a file on every system: `C:x`, `a\b` and `..` are not.
fn is_plain(part: &str) -> bool {
    let is_odd = |c: char| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*');
    !part.is_empty() && !part.ends_with(['.', ' ']) && !part.contains(is_odd)
}
