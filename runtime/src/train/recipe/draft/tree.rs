//! Changes to what a recipe says, at the path of a setting.

use super::Recipe;
use crate::train::{Curve, Mean, OptimizerConfig};
use serde_json::{Map, Value};

/// Keys under which one of several names stands: what is said about another one takes its place.
const CHOICES: &[(&str, &[&str])] = &[
    ("", &["epochs", "steps"]),
    ("optimizer", OptimizerConfig::NAMES),
    ("schedule", Curve::NAMES),
    ("schedule.warm_up", &["steps", "epochs", "share"]),
    ("averaging", Mean::NAMES),
    ("clip", &["norm", "value"]),
];

/// Puts `value` to `path` in `tree`.
pub(super) fn put(tree: &mut Value, path: &[String], value: &Value) {
    put_at(tree, &mut String::new(), path, value);
}

/// The same for a part of a tree, which is at `place`.
fn put_at(tree: &mut Value, place: &mut String, path: &[String], value: &Value) {
    let [key, rest @ ..] = path else {
        *tree = value.clone();
        return;
    };
    if let (Value::Array(items), Ok(index)) = (&mut *tree, key.parse::<usize>())
        && let Some(item) = items.get_mut(index)
    {
        put_at(item, place, rest, value);
        return;
    }
    // A name without settings, or nothing.
    if !tree.is_object() {
        let name = tree.as_str().map(str::to_owned);
        *tree = Value::Object(name.into_iter().map(|name| (name, Value::Object(Map::new()))).collect());
    }
    let Value::Object(map) = tree else { return };
    if let Some((_, names)) = CHOICES.iter().find(|(choice, names)| choice == place && names.contains(&key.as_str())) {
        map.retain(|other, _| other == key || !names.contains(&other.as_str()));
    }
    if !place.is_empty() {
        place.push('.');
    }
    place.push_str(key);
    if rest.is_empty() && value.is_null() {
        map.remove(key);
    } else {
        put_at(map.entry(key.clone()).or_insert_with(|| usual(place, rest)), place, rest, value);
    }
}

/// What stands at `place` if nothing is said, for a value of which the part at `rest` changes; nothing, if that is another choice.
fn usual(place: &str, rest: &[String]) -> Value {
    let Some(next) = rest.first().filter(|_| !place.contains('.')) else { return Value::Null };
    let usual =
        serde_json::to_value(Recipe::default()).ok().and_then(|mut usual| usual.get_mut(place).map(Value::take));
    let usual = usual.unwrap_or_default();
    let other = CHOICES
        .iter()
        .any(|(choice, names)| *choice == place && names.contains(&next.as_str()) && usual.get(next).is_none());
    if other { Value::Null } else { usual }
}
