//! Specs and libraries with the suggestions that are safe, in memory.

use super::{Compiled, Files, ReadError, compiled, read};
use crate::fix::{self, Texts};
use crate::libraries::{Library, Loader, is_path};
use crate::pipeline::{self, Options};

/// A spec that `check --fix` has mended in memory.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fixed {
    /// What there is still to say about it.
    pub compiled: Compiled,
    /// The texts that are new, those of libraries first.
    pub changes: Vec<Change>,
    /// How many suggestions were applied.
    pub applied: usize,
}

/// A text that was mended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Change {
    /// The file, or `<stdin>`.
    pub file: String,
    /// What was read.
    pub before: String,
    /// What it should be.
    pub after: String,
}

impl Fixed {
    /// What was done, `fixed 2 of 3 messages in net.yaml`, if anything was.
    pub fn words(&self) -> Option<String> {
        let files: Vec<&str> = self.changes.iter().map(|change| change.file.as_str()).collect();
        (!files.is_empty()).then(|| fix::words(self.applied, &self.compiled.compilation.diagnostics, &files))
    }
}

/// Reads and compiles a spec or a library, and applies the suggestions that are safe, to what was read; nothing is written.
/// What comes with the compiler stays as it is.
///
/// # Errors
///
/// When the spec cannot be read.
pub fn fix(spec: &str, options: &Options) -> Result<Fixed, ReadError> {
    let text = read(spec)?;
    let mut files = Files::default();
    let mut read = Texts::new();
    let mended = fix::mend(|mended| {
        let own = mended.get(&text.name).map_or_else(|| text.text.clone(), |text| text.as_str().into());
        let mut loader = Overlaid { files: &mut files, read: &mut read, mended };
        let compilation = pipeline::compile_any(&text.name, own, options, &mut loader);
        let is_file = |id, name: &str| if id == compilation.main { !text.embedded } else { read.contains_key(name) };
        let files = compilation.sources.iter().filter(|(id, source)| is_file(*id, &source.name));
        let changeable = files.map(|(id, _)| id).collect();
        (compilation, changeable)
    });
    read.insert(text.name.clone(), text.text.text.clone());
    let change = |(file, after)| read.remove(&file).map(|before| Change { file, before, after });
    let mut changes: Vec<Change> = mended.texts.into_iter().filter_map(change).collect();
    changes.retain(|change| change.before != change.after);
    changes.sort_by_key(|change| change.file == text.name);
    Ok(Fixed { compiled: compiled(mended.compilation, spec, &text, files), changes, applied: mended.applied })
}

/// Files, some of them mended in memory.
struct Overlaid<'f> {
    files: &'f mut Files,
    /// Every library's text as it was read first, by name.
    read: &'f mut Texts,
    mended: &'f Texts,
}

impl Loader for Overlaid<'_> {
    fn load(&mut self, name: &str, from: &str) -> Result<Library, String> {
        let mut library = self.files.load(name, from)?;
        if is_path(name) {
            self.read.entry(library.name.clone()).or_insert_with(|| library.text.text.clone());
            if let Some(text) = self.mended.get(&library.name) {
                library.text = text.as_str().into();
            }
        }
        Ok(library)
    }

    fn table(&mut self, name: &str, from: &str) -> Result<Library, String> {
        self.files.table(name, from)
    }
}
