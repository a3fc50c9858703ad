//! The published table that a spec names.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Sources, Span, Spanned};

use super::published::{Published, read};
use crate::codes;
use crate::libraries::Loader;

/// A table, and where the spec names it.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) table: Published,
    pub(crate) place: Span,
}

/// Finds and reads the table `name`, as the spec that is called `from` says it.
pub(crate) fn find(
    name: &Spanned<String>,
    from: &str,
    sources: &mut Sources,
    loader: &mut dyn Loader,
    found: &mut Vec<Diagnostic>,
) -> Option<Named> {
    let file = match loader.table(&name.value, from) {
        Ok(file) => file,
        Err(reason) => {
            let known: Vec<&str> = googlenetc_specs::PUBLISHED.iter().map(|table| table.name).collect();
            let message = format!("the published table `{}` cannot be read: {reason}", name.value.escape_debug());
            found.push(
                Diagnostic::error(codes::PUBLISHED, message)
                    .at(name.span, "not found")
                    .note(format!("comes with the compiler: {}", known.join(", ")))
                    .did_you_mean(&name.value, name.span, known),
            );
            return None;
        }
    };
    let id = sources.add(file.name, file.text);
    let (table, messages) = read(sources, id);
    found.extend(messages);
    table.map(|table| Named { table, place: name.span })
}
