//! Which operation has which variables.

use super::{Output, Variable};
use tch::Tensor;

/// Gives each variable to the output of the operation that has it, and returns those that belong to none.
///
/// What fits exactly goes first, because what is left may fit several.
pub(super) fn hand_out(variables: &[(String, Tensor)], outputs: &mut [Output]) -> Vec<Variable> {
    let mut scopes: Vec<(&str, Vec<Variable>)> = Vec::new();
    for (name, tensor) in variables {
        let variable = Variable { name: name.clone(), shape: tensor.size(), trainable: tensor.requires_grad() };
        let scope = scope_of(name);
        match scopes.last_mut().filter(|(last, _)| *last == scope) {
            Some((_, variables)) => variables.push(variable),
            None => scopes.push((scope, vec![variable])),
        }
    }
    for exactly in [true, false] {
        scopes.retain_mut(|(scope, variables)| {
            let free = outputs.iter_mut().filter(|output| output.variables.is_empty());
            let ranked = free.filter_map(|output| Some((Distance::between(scope, &output.path)?, output)));
            let fitting = ranked.filter(|(distance, _)| !exactly || distance.others == 0);
            let Some((_, owner)) = fitting.min_by_key(|(distance, _)| *distance) else { return true };
            owner.variables.append(variables);
            false
        });
    }
    scopes.into_iter().flat_map(|(_, variables)| variables).collect()
}

/// The name without its last part.
pub(super) fn scope_of(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(scope, _)| scope)
}

/// What the compiler calls the parts of a layer that have variables.
const PARTS: [&str; 3] = [".conv", ".bn", ".linear"];

/// How far the path of an output is from the scope of variables.
///
/// A scope is a path without the names that the spec sets in parentheses. Of a layer with several parts the last has the
/// layer's path, and one may have the layer's scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    /// The last names differ.
    elsewhere: bool,
    /// How many names the path has that the scope has not.
    others: usize,
    /// Of the two, one is that of a layer and the other that of a part: better the part's path than the layer's, which is
    /// that of its last part.
    parts: Parts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Parts {
    PathOfPart,
    Same,
    ScopeOfPart,
}

/// What a part is a part of.
fn layer_of(part: &str) -> Option<&str> {
    PARTS.iter().find_map(|name| part.strip_suffix(name))
}

impl Distance {
    /// None if the path has not all names of the scope, in their order.
    fn between(scope: &str, path: &str) -> Option<Self> {
        let path_of_part = layer_of(path).and_then(|layer| Self::along(scope, layer, Parts::PathOfPart));
        let scope_of_part = layer_of(scope).and_then(|layer| Self::along(layer, path, Parts::ScopeOfPart));
        let same = Self::along(scope, path, Parts::Same);
        [path_of_part, same, scope_of_part].into_iter().flatten().min()
    }

    fn along(scope: &str, path: &str, parts: Parts) -> Option<Self> {
        let wanted = || scope.split('.').filter(|name| !name.is_empty());
        let mut names = path.split('.');
        if !wanted().all(|name| names.any(|other| other == name)) {
            return None;
        }
        let elsewhere = wanted().next_back() != path.rsplit('.').next();
        Some(Self { elsewhere, others: path.split('.').count() - wanted().count(), parts })
    }
}

#[cfg(test)]
mod tests {
    use super::Distance;

    #[test]
    fn a_scope_is_a_path_without_labels() {
        let ranked = |scope, paths: &[&'static str]| {
            let ranked = paths.iter().filter_map(|path| Some((Distance::between(scope, path)?, *path)));
            ranked.min_by_key(|(distance, _)| *distance).map(|(_, path)| path)
        };
        assert_eq!(ranked("conv1", &["conv10", "conv1", "conv1.conv", "conv1.bn"]), Some("conv1.conv"));
        assert_eq!(ranked("conv1.conv", &["conv1", "conv1.conv"]), Some("conv1.conv"));
        assert_eq!(ranked("conv1.bn", &["conv1", "conv1.conv"]), Some("conv1"));
        assert_eq!(ranked("fc", &["main.fc.drop", "main.fc", "main.fc.linear"]), Some("main.fc.linear"));
        assert_eq!(ranked("stage", &["other", "stage.residual"]), Some("stage.residual"));
        assert_eq!(ranked("b.a", &["a.b", "b"]), None);
    }
}
