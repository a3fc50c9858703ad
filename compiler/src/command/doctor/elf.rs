//! What a library or program for Linux says of those that it needs.

use std::fs::File;
use std::path::Path;

use object::elf::{DT_NEEDED, DT_RPATH, DT_RUNPATH, FileHeader64};
use object::read::elf::{Dyn, FileHeader};
use object::{Endianness, ReadCache};

/// The dynamic section, as far as it names other files.
#[derive(Debug, Default)]
pub(super) struct Dynamic {
    /// The libraries that must be there.
    pub(super) needed: Vec<String>,
    /// Where to look before `LD_LIBRARY_PATH`, for what it loads and all that those load.
    pub(super) rpath: Vec<String>,
    /// Where to look after it, for what it loads itself.
    pub(super) runpath: Vec<String>,
}

/// Reads a file's dynamic section; only the parts of the file that are needed. `None` if it is no 64-bit ELF file.
pub(super) fn dynamic(file: &Path) -> Option<Dynamic> {
    let data = ReadCache::new(File::open(file).ok()?);
    let header = FileHeader64::<Endianness>::parse(&data).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, &data).ok()?;
    let mut dynamic = Dynamic::default();
    // A static program has none.
    let Some((entries, link)) = sections.dynamic(endian, &data).ok()? else { return Some(dynamic) };
    let strings = sections.strings(endian, &data, link).ok()?;
    for entry in entries {
        let tag = entry.d_tag(endian);
        let text = || {
            let text = strings.get(u32::try_from(entry.d_val(endian)).ok()?).ok()?;
            Some(String::from_utf8_lossy(text).into_owned())
        };
        let folders = || text().into_iter().flat_map(|text| text.split(':').map(str::to_owned).collect::<Vec<_>>());
        if tag == DT_NEEDED {
            dynamic.needed.extend(text());
        } else if tag == DT_RPATH {
            dynamic.rpath.extend(folders());
        } else if tag == DT_RUNPATH {
            dynamic.runpath.extend(folders());
        }
    }
    if !dynamic.runpath.is_empty() {
        dynamic.rpath.clear();
    }
    Some(dynamic)
}
