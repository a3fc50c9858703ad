//! That no two variables share a full name. Their groups have paths of their own, but a name in parentheses is no part of
//! the scope in which variables are registered.

use std::collections::HashMap;

use googlenetc_dsl::diagnostic::Diagnostic;

use super::Cost;
use crate::codes;
use crate::lower::{MOST_MESSAGES, join};
use crate::network::Network;

pub(super) fn check(network: &Network, costs: &[Cost], found: &mut Vec<Diagnostic>) {
    // The names of variables have no full stop, so that no two pairs make the same full name.
    let mut owners: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, (operation, cost)) in network.operations.iter().zip(costs).enumerate() {
        // One message for the variables of one operation.
        let mut clashes = cost.variables.iter().filter_map(|variable| {
            let owner = *owners.entry((&operation.scope, &variable.name)).or_insert(index);
            (owner != index).then(|| (join(&operation.scope, &variable.name), owner))
        });
        let Some((name, owner)) = clashes.next().filter(|_| found.len() < MOST_MESSAGES) else { continue };
        let (first, span) = (&network.operations[owner], operation.span);
        let message = format!("two variables are called `{name}`");
        let diagnostic = Diagnostic::error(codes::DUPLICATE_NAME, message)
            .at(span, format!("`{}` would register it again", operation.path))
            .help("a name in parentheses is no part of the names of variables: take the parentheses away, or rename");
        found.push(if first.span == span {
            diagnostic.note(format!("`{}` registers it first", first.path))
        } else {
            diagnostic.see(first.span, format!("`{}` registers it first", first.path))
        });
    }
}
