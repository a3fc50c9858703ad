//! Which libraries the dynamic loader of Linux would find, without loading them. See ld.so(8).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::elf::{Dynamic, dynamic};

/// Where libraries are looked for besides where those that need them say.
pub(super) struct Loader {
    /// `LD_LIBRARY_PATH`.
    path: Vec<PathBuf>,
    /// `/etc/ld.so.cache`, which holds the paths of all libraries of the system, each ended by a zero.
    cache: Vec<u8>,
}

/// A library that is not found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Missing {
    pub(super) library: String,
    /// The file that needs it.
    pub(super) by: PathBuf,
}

impl Loader {
    pub(super) fn new(library_path: &str) -> Self {
        let path = library_path.split([':', ';']).filter(|folder| !folder.is_empty()).map(PathBuf::from).collect();
        Self { path, cache: std::fs::read("/etc/ld.so.cache").unwrap_or_default() }
    }

    /// All that a file needs and that would not be found, in order. `None` when it is no ELF file.
    pub(super) fn missing(&self, file: &Path) -> Option<Vec<Missing>> {
        let mut missing = BTreeSet::new();
        let mut seen = BTreeSet::new();
        // Files, with the places that those which load them add.
        let mut open = vec![(file.to_owned(), Vec::new(), dynamic(file)?)];
        while let Some((file, inherited, Dynamic { needed, rpath, runpath })) = open.pop() {
            let own =
                |folders: &[String]| -> Vec<PathBuf> { folders.iter().map(|folder| expand(folder, &file)).collect() };
            let mut handed_on = own(&rpath);
            handed_on.extend(inherited);
            let runpath = own(&runpath);
            for library in needed {
                if !seen.insert(library.clone()) {
                    continue;
                }
                match self.find(&library, handed_on.iter().chain(&self.path).chain(&runpath)) {
                    Place::File(found) => {
                        let inside = dynamic(&found).unwrap_or_default();
                        open.push((found, handed_on.clone(), inside));
                    }
                    Place::System => {}
                    Place::Nowhere => {
                        missing.insert(Missing { library, by: file.clone() });
                    }
                }
            }
        }
        Some(missing.into_iter().collect())
    }

    /// Whether the system has a library.
    pub(super) fn has(&self, library: &str) -> bool {
        let entry: Vec<u8> = [b"/", library.as_bytes(), b"\0"].concat();
        let folders = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
        self.cache.windows(entry.len()).any(|window| window == entry)
            || folders.iter().any(|folder| Path::new(folder).join(library).exists())
    }

    fn find<'p>(&self, library: &str, folders: impl Iterator<Item = &'p PathBuf>) -> Place {
        let mut files = folders.map(|folder| folder.join(library));
        match files.find(|file| file.exists()) {
            Some(file) => Place::File(file),
            None if self.has(library) => Place::System,
            None => Place::Nowhere,
        }
    }
}

enum Place {
    File(PathBuf),
    /// Of the system, which keeps its libraries together.
    System,
    Nowhere,
}

/// A folder as a file names it; `$ORIGIN` is the folder that the file is in.
fn expand(folder: &str, file: &Path) -> PathBuf {
    let origin = file.parent().unwrap_or(Path::new(".")).to_string_lossy();
    PathBuf::from(folder.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin))
}
