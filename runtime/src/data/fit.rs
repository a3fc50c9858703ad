//! Whether a data set goes with a network.

use super::{Part, Source};
use crate::error::{Error, Result};

/// How many names a message lists.
const LISTED: usize = 5;

/// Looks whether a network of so many classes can be trained or measured on `source`, without looking at images. What
/// comes back are warnings that a person should see.
///
/// # Errors
/// When there are more classes than the network has, or no image to train on of a class that the data set names.
pub fn check_classes(source: &dyn Source, part: Part, classes: usize) -> Result<Vec<String>> {
    let counts = class_counts(source);
    let there = counts.len();
    if there > classes {
        return Err(too_many(source, there, classes));
    }
    let mut warnings = Vec::new();
    if there < classes {
        warnings.push(format!("the data set has {there} classes, but the network has {classes}"));
    }
    let empty: Vec<usize> = (0..there).filter(|&class| counts.get(class) == Some(&0)).collect();
    if empty.is_empty() {
        return Ok(warnings);
    }
    let listed = list(&empty, |&class| describe(class, source.classes()));
    match part {
        Part::Training if !source.classes().is_empty() => {
            Err(Error::failed(format!("there is no training image of {listed}; put images there, or remove the class")))
        }
        Part::Training => {
            warnings.push(format!("there is no training image of {listed}"));
            Ok(warnings)
        }
        Part::HeldOut => {
            warnings.push(format!("there is no held-out image of {listed}"));
            Ok(warnings)
        }
    }
}

/// How many images there are of each class: of those that have names, or else up to the largest label.
pub fn class_counts(source: &dyn Source) -> Vec<usize> {
    let mut counts = vec![0; source.classes().len()];
    for label in source.labels().iter().filter_map(|&label| usize::try_from(label).ok()) {
        if label >= counts.len() {
            counts.resize(label + 1, 0);
        }
        if let Some(count) = counts.get_mut(label) {
            *count += 1;
        }
    }
    counts
}

/// The message about classes that a network does not have; it names an image of one, if there is one.
fn too_many(source: &dyn Source, there: usize, classes: usize) -> Error {
    let beyond = |label: &u32| usize::try_from(*label).map_or(true, |label| label >= classes);
    let example =
        source.labels().iter().position(beyond).and_then(|i| Some((i, usize::try_from(source.labels()[i]).ok()?)));
    let example = example.map(|(i, label)| format!(": {} is of {}", source.name(i), describe(label, source.classes())));
    let numbers = match classes {
        0 => String::new(),
        _ => format!(" (0 to {})", classes - 1),
    };
    Error::failed(format!(
        "the data set has {there} classes, but the network has {classes}{numbers}{}; write `classes: {there}` in the spec, or use \
         another data set",
        example.unwrap_or_default()
    ))
}

/// A class in a message.
pub(super) fn describe(class: usize, names: &[String]) -> String {
    match names.get(class) {
        Some(name) => format!("class {class} (`{name}`)"),
        None => format!("class {class}"),
    }
}

/// The first few of several things.
pub(super) fn list<T>(things: &[T], describe: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = things.iter().take(LISTED).map(describe).collect();
    let more = things.len().saturating_sub(LISTED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
