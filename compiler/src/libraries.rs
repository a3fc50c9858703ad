//! Libraries: files of blocks that a spec or another library names by `use`.
//!
//! All blocks share one set of names. A library holds blocks, and perhaps a version and `use` of its own, but no network.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Sources, Span, Spanned};
use googlenetc_dsl::tree::{Section, Spec};
use googlenetc_dsl::{Decoded, Syntax, parse};

use crate::codes;
use crate::lower::check_version;

/// More libraries than any network needs.
const MOST_LIBRARIES: usize = 64;

/// More text than any libraries have together, in bytes.
const MOST_TEXT: usize = 16 << 20;

/// The text of a library, or of another file that a spec names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// What messages call it. Two libraries of one name are the same library; what it uses is found relative to it.
    pub name: String,
    /// All of it.
    pub text: Decoded,
}

/// Where libraries and published tables come from.
pub trait Loader {
    /// The library `name`, as the file `from` says it.
    ///
    /// # Errors
    ///
    /// Why there is none, as the end of a sentence: `there is no file ...`.
    fn load(&mut self, name: &str, from: &str) -> Result<Library, String>;

    /// The published table `name`, as the file `from` says it. Where nothing else is done, only those that come with the
    /// compiler are known.
    ///
    /// # Errors
    ///
    /// Why there is none, as the end of a sentence.
    fn table(&mut self, name: &str, _from: &str) -> Result<Library, String> {
        if is_path(name) {
            return Err("files are not read here".into());
        }
        let table = googlenetc_specs::published(name).ok_or("no table of this name comes with the compiler")?;
        Ok(Library { name: table.file.into(), text: table.text.into() })
    }
}

/// The libraries that come with the compiler, and no files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Loader for Embedded {
    fn load(&mut self, name: &str, _from: &str) -> Result<Library, String> {
        if is_path(name) {
            return Err("files are not read here".into());
        }
        let library = googlenetc_specs::library(name).ok_or("no library of this name comes with the compiler")?;
        Ok(Library { name: library.file.into(), text: library.text.into() })
    }
}

/// Whether a name is a path of a file rather than a library that comes with the compiler.
pub(crate) fn is_path(name: &str) -> bool {
    name.contains('/') || [".yaml", ".yml", ".gnet"].iter().any(|ending| name.ends_with(ending))
}

/// Adds the blocks of all libraries that `spec`, which is called `main`, uses. Returns whether all of them could be read.
pub(crate) fn add(
    spec: &mut Spec,
    main: &str,
    sources: &mut Sources,
    loader: &mut dyn Loader,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let own = spec.blocks.len();
    let path = vec![main.to_owned()];
    let mut libraries = Libraries { sources, loader, diagnostics, path, known: BTreeSet::new(), bytes: 0, fine: true };
    let uses = spec.uses.clone();
    libraries.add(spec, &uses, main);
    let Libraries { diagnostics, fine, .. } = libraries;
    check_names(spec, own, diagnostics);
    fine
}

/// What grows while libraries are read.
struct Libraries<'l> {
    sources: &'l mut Sources,
    loader: &'l mut dyn Loader,
    diagnostics: &'l mut Vec<Diagnostic>,
    /// The files that are being read, each used by the one before.
    path: Vec<String>,
    /// Every library that has been read.
    known: BTreeSet<String>,
    bytes: usize,
    fine: bool,
}

impl Libraries<'_> {
    fn add(&mut self, spec: &mut Spec, uses: &[Spanned<String>], from: &str) {
        for name in uses {
            match self.loader.load(&name.value, from) {
                Ok(library) => self.library(spec, name, library),
                Err(reason) => {
                    let known = googlenetc_specs::LIBRARIES.iter().map(|library| library.name);
                    let message = format!("the library `{}` cannot be read: {reason}", name.value);
                    let diagnostic = Diagnostic::error(codes::LIBRARY, message).at(name.span, "not found");
                    self.report(diagnostic.did_you_mean(&name.value, name.span, known));
                }
            }
        }
    }

    fn library(&mut self, spec: &mut Spec, name: &Spanned<String>, library: Library) {
        let Library { name: file, text } = library;
        if let Some(start) = self.path.iter().position(|file_above| *file_above == file) {
            let circle = self.path[start..].join(" -> ");
            return self.report(
                Diagnostic::error(codes::LIBRARY, format!("the library `{}` uses itself", name.value))
                    .at(name.span, "closes a circle")
                    .note(format!("uses: {circle} -> {file}")),
            );
        }
        if self.known.contains(&file) {
            return;
        }
        self.bytes = self.bytes.saturating_add(text.text.len());
        if self.known.len() >= MOST_LIBRARIES || self.bytes > MOST_TEXT {
            let message = format!("there are more than {MOST_LIBRARIES} libraries, or more than 16 MiB of them");
            return self.report(Diagnostic::error(codes::LIBRARY, message).at(name.span, "this is one too many"));
        }
        self.known.insert(file.clone());
        let id = self.sources.add(file.clone(), text);
        let parsed = parse(self.sources, id, Syntax::of_name(&file));
        self.diagnostics.extend(parsed.diagnostics);
        let Some(library) = parsed.spec else {
            self.fine = false;
            return;
        };
        self.diagnostics.extend(check_version(&library));
        self.diagnostics.extend(parts_of_a_network(&library));
        self.path.push(file.clone());
        self.add(spec, &library.uses, &file);
        self.path.pop();
        spec.blocks.extend(library.blocks);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.fine = false;
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a spec holds blocks alone, for networks to use.
pub(crate) fn is_library(spec: &Spec) -> bool {
    !spec.blocks.is_empty() && parts_of_a_network(spec).is_empty()
}

/// Messages about everything in a library that only a network has.
fn parts_of_a_network(library: &Spec) -> Vec<Diagnostic> {
    let Spec {
        version: _,
        network,
        input,
        classes,
        uses: _,
        defaults,
        lints,
        published,
        blocks: _,
        sections,
        outputs,
        unread: _,
    } = library;
    let mut parts: Vec<(&str, Span)> = Vec::new();
    parts.extend(network.iter().map(|part| ("`network`", part.span)));
    parts.extend(input.iter().map(|part| ("`input`", part.span)));
    parts.extend(classes.iter().map(|part| ("`classes`", part.span)));
    parts.extend(published.iter().map(|part| ("`published`", part.span)));
    parts.extend(lints.iter().take(1).map(|part| ("`lints`", part.lint.span)));
    parts.extend(outputs.iter().map(|part| ("`outputs`", part.span)));
    parts.extend(defaults.iter().take(1).map(|part| ("`defaults`", part.keyword.span)));
    parts.extend(sections.iter().filter_map(|section| match section {
        Section::Body(items) => items.first().map(|item| ("layers of a trunk", item.span)),
        Section::Head(head) => Some(("a head", head.name.span)),
    }));
    let message = |(what, span): (&str, Span)| {
        let help = if what == "`defaults`" {
            "write them in the blocks: a block may have `defaults` of its own"
        } else {
            "a library holds `blocks`, and perhaps `version` and `use`"
        };
        Diagnostic::error(codes::LIBRARY, format!("a library cannot have {what}"))
            .at(span, "not in a library")
            .help(help)
    };
    parts.into_iter().map(message).collect()
}

/// Reports blocks of different files that share a name, and keeps the first of each. `own` are the spec's own, which the
/// reader has checked among themselves.
fn check_names(spec: &mut Spec, own: usize, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut index = 0;
    spec.blocks.retain(|block| {
        let name = &block.name;
        let known = first.get(&name.value).copied().filter(|known| known.source != name.span.source);
        index += 1;
        let Some(known) = known.filter(|_| index > own) else {
            first.entry(name.value.clone()).or_insert(name.span);
            return true;
        };
        diagnostics.push(
            Diagnostic::error(codes::DUPLICATE_NAME, format!("two files define a block `{}`", name.value))
                .at(known, "defined here")
                .see(name.span, "and in this library")
                .help("blocks of a spec and of all its libraries need names of their own: rename one"),
        );
        false
    });
}
