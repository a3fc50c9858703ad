//! The text language: text to statements, statements to the tree.
use crate::reader::Reader;
use crate::tree::Spec;
pub(crate) fn parse(_reader: &mut Reader<'_>) -> Option<Spec> {
    None
}
