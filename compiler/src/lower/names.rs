//! Names: which ones are allowed, and that no two things share a path.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Lowerer, Named};
use crate::codes;

impl Lowerer<'_> {
    /// The path of something called `named` below `parent`, after checking that its name is allowed and free.
    pub(super) fn claim(&mut self, parent: &str, named: &Named) -> String {
        if !is_name(&named.name) {
            self.report(
                Diagnostic::error(codes::BAD_NAME, format!("`{}` cannot be a name", named.name.escape_debug()))
                    .at(named.span, "names are made of letters a to z, digits, `_` and `-`, at most 64"),
            );
        }
        let path = join(parent, &named.name);
        // tch would rename the second silently, and generated fields would collide, so near misses count as well.
        let key = path.replace('-', "_");
        if let Some(first) = self.paths.get(&key).copied() {
            self.report(
                Diagnostic::error(codes::DUPLICATE_NAME, format!("two things are called `{path}`"))
                    .at(named.span, "called the same again")
                    .see(first, "first used here")
                    .help("names within one scope must differ, also when `-` is read as `_`"),
            );
        } else {
            self.paths.insert(key, named.span);
        }
        path
    }
}

/// `parent.name`, or `name` at the root.
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.into() } else { format!("{parent}.{name}") }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
