//! The YAML syntax: text to nodes ([`node`]), nodes to the tree.

mod block;
mod construct;
mod events;
mod fields;
mod head;
pub mod node;
mod refuse;
mod spec;
mod table;

use crate::diagnostic::Diagnostic;
use crate::reader::Reader;
use crate::source::{SourceId, Sources};
use crate::tree::Spec;
use node::Node;

/// Reads the YAML document `id` into nodes, without asking what it says.
///
/// `None` if there is no document, or if it is not YAML. Messages are sorted by place.
pub fn read(sources: &Sources, id: SourceId) -> (Option<Node>, Vec<Diagnostic>) {
    let mut reader = Reader::new(id, sources);
    let node = if reader.is_readable() { events::document(&mut reader) } else { None };
    (node, reader.finish())
}

/// Reads a spec; `None` if there is nothing in the file, or if it is not YAML.
pub(crate) fn parse(reader: &mut Reader<'_>) -> Option<Spec> {
    let document = events::document(reader)?;
    spec::spec(&document, reader)
}
