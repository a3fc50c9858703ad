//! Parameters that their block does not read.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject};
use crate::codes;

pub(super) const LINT: Lint = Lint {
    code: codes::UNREAD_PARAMETER,
    name: "unread-parameter",
    level: Level::Warn,
    reason: "what a call gives to a parameter that nothing reads changes nothing, and most often a layer was to use it",
    find,
};

fn find(subject: &Subject<'_>, found: &mut Found) {
    for parameter in subject.unread {
        let name = &parameter.name.value;
        let message = format!("the block `{}` does not read its parameter `{name}`", parameter.block);
        let diagnostic = Diagnostic::warning(codes::UNREAD_PARAMETER, message)
            .at(parameter.name.span, format!("nothing in the block says `${name}`"));
        let diagnostic = match parameter.given {
            Some(given) => diagnostic.see(given, "given here, without effect"),
            None => diagnostic,
        };
        found
            .push(diagnostic.help(format!("write `${name}` where the block is to use it, or take the parameter away")));
    }
}
