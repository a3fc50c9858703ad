//! How large a spec may be. No network comes near any of this; without it, a small file could cost gigabytes and minutes.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::reader::Reader;
use crate::source::Span;
use crate::tree::{Section, Spec};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 3 << 20;

/// How deep lists, mappings and braces may nest.
pub(crate) const DEEPEST: usize = 64;

/// The most values, lists and mappings that a YAML file may hold.
pub(crate) const MOST_PARTS: usize = 1 << 19;

/// The most layers and groups of layers that a file may hold, those of its blocks included.
pub(crate) const MOST_ITEMS: usize = 1 << 17;

/// How many arguments a layer may have before each of them counts as another layer.
pub(crate) const USUAL_ARGUMENTS: usize = 6;

/// The most blocks, and the most heads.
const MOST_BLOCKS: usize = 10_000;

/// The most libraries, defaults, lints and parameters of a block.
const MOST_ENTRIES: usize = 1000;

/// The longest layer, value or list on one line, in bytes: what the grammar reads at once.
pub(crate) const LONGEST: usize = 4 << 10;

/// The longest name, in bytes. Names become parts of paths, and a path is said again for each layer below it.
pub(crate) const LONGEST_NAME: usize = 255;

/// Leaves out what a spec lists beyond measure, and reports it.
pub(crate) fn shorten(spec: &mut Spec, reader: &mut Reader<'_>) {
    most(MOST_ENTRIES, "libraries", &mut spec.uses, |name| name.span, reader);
    most(MOST_ENTRIES, "defaults", &mut spec.defaults, |defaults| defaults.keyword.span, reader);
    most(MOST_ENTRIES, "lints", &mut spec.lints, |level| level.lint.span, reader);
    most(MOST_BLOCKS, "blocks", &mut spec.blocks, |block| block.name.span, reader);
    few_heads(spec, reader);
    for block in &mut spec.blocks {
        most(MOST_ENTRIES, "defaults of a block", &mut block.defaults, |defaults| defaults.keyword.span, reader);
        most(MOST_ENTRIES, "parameters of a block", &mut block.parameters, |parameter| parameter.name.span, reader);
    }
}

/// The same for heads, which stand among the sections.
fn few_heads(spec: &mut Spec, reader: &mut Reader<'_>) {
    let place = |section: &Section| match section {
        Section::Head(head) => Some(head.span),
        Section::Body(_) => None,
    };
    let Some(first) = spec.sections.iter().filter_map(place).nth(MOST_BLOCKS) else { return };
    report(MOST_BLOCKS, "heads", first, reader);
    spec.sections.retain(|section| place(section).is_none_or(|place| place < first));
}

fn most<T>(most: usize, what: &str, entries: &mut Vec<T>, place: impl Fn(&T) -> Span, reader: &mut Reader<'_>) {
    let Some(first) = entries.get(most).map(place) else { return };
    report(most, what, first, reader);
    entries.truncate(most);
}

fn report(most: usize, what: &str, first: Span, reader: &mut Reader<'_>) {
    let message = format!("more than {most} {what}, which nobody needs");
    reader.report(Diagnostic::error(codes::TOO_LARGE, message).at(first, "this is one too many"));
}
