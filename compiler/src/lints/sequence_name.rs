//! A sequence whose name joins branches in other tools.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::suggest::bare;

use super::{Found, Level, Lint, Subject, written};
use crate::codes;
use crate::network::{Content, Group};

pub(super) const LINT: Lint = Lint {
    code: codes::SEQUENCE_NAME,
    name: "sequence-name",
    level: Level::Warn,
    reason: "layers under a name run one after the other, whatever the name; only `concat` and `add` make branches of them",
    find,
};

/// Words that join branches elsewhere, without capitals and joints, and how that is said here.
const WORDS: [(&str, &str); 10] = [
    ("cat", "concat"),
    ("concat", "concat"),
    ("concatenate", "concat"),
    ("concatenation", "concat"),
    ("depthconcat", "concat"),
    ("filterconcat", "concat"),
    ("parallel", "concat"),
    ("add", "add"),
    ("sum", "add"),
    ("eltwise", "add"),
];

fn find(subject: &Subject<'_>, found: &mut Found) {
    let network = subject.checked.network();
    let mut stack: Vec<&Group> = network.trunk.iter().chain(network.heads.iter().map(|head| &head.layers)).collect();
    stack.reverse();
    while let Some(group) = stack.pop() {
        stack.extend(group.content.children().iter().rev());
        let Content::Sequence(children) = &group.content else { continue };
        let word = bare(&group.label);
        let here = WORDS.iter().find(|(elsewhere, _)| *elsewhere == word).map(|(_, here)| *here);
        if let Some(here) = here.filter(|_| children.len() > 1) {
            found.push(message(subject, group, here));
        }
    }
}

fn message(subject: &Subject<'_>, group: &Group, here: &str) -> Diagnostic {
    let name = &group.label;
    let written = Span::new(group.span.source, group.span.start(), group.span.start() + name.len());
    let place = if written::text(subject.sources, written) == Some(name) { written } else { group.span };
    Diagnostic::warning(
        codes::SEQUENCE_NAME,
        format!("`{name}` is only a name: what stands under it runs one after the other"),
    )
    .at(place, "joins nothing")
    .help(format!("if these are branches, put `{here}:` between the name and them; if not, another name tells more"))
}
