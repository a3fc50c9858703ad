//! Parts of the network whose output no head reads.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Found, Level, Lint, Subject};
use crate::codes;
use crate::network::{Group, Network, Source};
use crate::report::grouped;

pub(super) const LINT: Lint = Lint {
    code: codes::UNREAD_OUTPUT,
    name: "unread-output",
    level: Level::Warn,
    reason: "what no head reads is computed in vain, never trains, and most often a head was to hang off it",
    find,
};

/// More parts than a message names.
const MOST_PARTS: usize = 6;

fn find(subject: &Subject<'_>, found: &mut Found) {
    let checked = subject.checked;
    let network = checked.network();
    // Part of a network, made for a report, has no heads.
    if network.heads.is_empty() {
        return;
    }
    let is_read = is_read(network);
    let unread: Vec<&Group> = maximal(network, &|group| group.operations.clone().all(|operation| !is_read[operation]));
    let Some(first) = unread.first() else { return };
    let message = match unread.len() - 1 {
        0 => format!("no head reads what `{}` delivers", first.path),
        1 => format!("no head reads what `{}` and one more part deliver", first.path),
        more => format!("no head reads what `{}` and {more} more parts deliver", first.path),
    };
    let mut diagnostic = Diagnostic::warning(codes::UNREAD_OUTPUT, message).at(first.span, "computed in vain");
    for group in unread.iter().skip(1).take(MOST_PARTS) {
        diagnostic = diagnostic.see(group.span, "and this");
    }
    let operations = || unread.iter().flat_map(|group| group.operations.clone());
    let parameters = operations().map(|operation| checked.parameters(operation)).fold(0, u64::saturating_add);
    let multiply_adds = operations().map(|operation| checked.multiply_adds(operation)).fold(0, u64::saturating_add);
    for head in network.heads.iter().take(MOST_PARTS) {
        diagnostic = diagnostic.see(head.name.span, format!("reads `{}`", head.from));
    }
    found.push(
        diagnostic
            .note(format!("in vain: {} parameters, {} multiply-adds", grouped(parameters), grouped(multiply_adds)))
            .help("let a head hang off the last part (`from`), or take the parts away"),
    );
}

/// For every operation, whether some head's output depends on it.
fn is_read(network: &Network) -> Vec<bool> {
    let mut is_read = vec![false; network.operations.len()];
    let mark = |source: &Source, is_read: &mut Vec<bool>| {
        if let Source::Operation(index) = *source {
            is_read[index] = true;
        }
    };
    for head in &network.heads {
        mark(&head.layers.output, &mut is_read);
    }
    // Inputs stand before their readers.
    for index in (0..network.operations.len()).rev() {
        if is_read[index] {
            network.operations[index].inputs.iter().for_each(|source| mark(source, &mut is_read));
        }
    }
    is_read
}

/// The largest parts of the trunk that fulfil a condition, in order; parts without operations do not count.
fn maximal<'n>(network: &'n Network, condition: &dyn Fn(&Group) -> bool) -> Vec<&'n Group> {
    let mut found = Vec::new();
    let mut stack: Vec<&Group> = network.trunk.iter().rev().collect();
    while let Some(group) = stack.pop() {
        if group.operations.is_empty() {
            continue;
        }
        if condition(group) {
            found.push(group);
        } else {
            stack.extend(group.content.children().iter().rev());
        }
    }
    found
}
