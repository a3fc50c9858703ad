//! Tensors that are saved and come back, strictly.

use crate::error::{Error, Result};
use std::collections::BTreeMap;
use tch::Tensor;

/// A tensor that is part of a state, by its name there.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) tensor: Tensor,
}

/// How many disagreements a message lists.
const LISTED: usize = 10;

/// Copies all of `state` into `entries`, of `what`.
///
/// # Errors
/// When names, shapes or types disagree; then nothing is copied.
pub(super) fn load(what: &str, entries: &[Entry], state: &BTreeMap<String, Tensor>) -> Result<()> {
    let mut wrong = Vec::new();
    let mut pairs = Vec::new();
    for Entry { name, tensor } in entries {
        match state.get(name) {
            None => wrong.push(format!("`{name}` is missing")),
            Some(saved) if (saved.size(), saved.kind()) != (tensor.size(), tensor.kind()) => wrong.push(format!(
                "`{name}` is {:?} {:?} instead of {:?} {:?}",
                saved.kind(),
                saved.size(),
                tensor.kind(),
                tensor.size()
            )),
            Some(saved) => pairs.push((tensor.shallow_clone(), saved)),
        }
    }
    if entries.len() != state.len() || !wrong.is_empty() {
        let known: std::collections::BTreeSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        let unexpected = state.keys().filter(|name| !known.contains(name.as_str()));
        wrong.extend(unexpected.map(|name| format!("`{name}` is unexpected")));
    }
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(LISTED);
        wrong.truncate(LISTED);
        let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
        return Err(Error::failed(format!("{what} does not fit:\n  {}{more}", wrong.join("\n  "))));
    }
    let _guard = tch::no_grad_guard();
    for (mut tensor, saved) in pairs {
        tensor.copy_(saved);
    }
    Ok(())
}
