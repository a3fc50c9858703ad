//! Names: no two things share a path. Which characters a name may have is the readers' affair.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Lowerer, Named, Place};
use crate::codes;

impl Lowerer<'_> {
    /// The path and the scope of something called `named` at `parent`, after checking that the path is free.
    pub(super) fn claim(&mut self, parent: Place<'_>, named: &Named) -> (String, String) {
        let path = join(parent.path, &named.name);
        let scope = if named.transparent { parent.scope.to_owned() } else { join(parent.scope, &named.name) };
        // tch would rename the second silently, and generated fields would collide, so near misses count as well.
        let key = named.name.replace('-', "_");
        if let Some(first) = self.names.get(&key).copied() {
            self.report(
                Diagnostic::error(codes::DUPLICATE_NAME, format!("two things are called `{path}`"))
                    .at(named.span, "called the same again")
                    .see(first, "first used here")
                    .help("names within one scope must differ, also when `-` is read as `_`"),
            );
            // Its parts are not to collide with the parts of the first as well.
            return (format!("{path} (again)"), format!("{scope} (again)"));
        }
        self.names.insert(key, named.span);
        (path, scope)
    }
}

/// `parent.name`, or `name` at the root.
pub(crate) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.into() } else { format!("{parent}.{name}") }
}
