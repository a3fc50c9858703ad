//! What of a file fits the variables of a network, and what does not.

mod nearest;

use super::LoadOptions;
use super::file::{Contents, Entry, dtype_of, kind_of};
use super::quote::quote;
use nearest::nearest;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tch::Tensor;

/// How many problems of one sort are listed.
const LISTED: usize = 10;

/// PyTorch's name for the number of batches that a batch normalisation has seen, beside its `running_var`.
const COUNTER: &str = "num_batches_tracked";

/// A tensor of a file and a variable of a network that do not fit, or one that lacks the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// What the tensor is called in the file.
    pub key: String,
    /// The variable; none if there is none.
    pub variable: Option<String>,
    /// What does not fit.
    pub problem: Problem,
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The file has no such tensor.
    Missing {
        /// The most similar key of those that the network does not know.
        nearest: Option<String>,
    },
    /// The shapes differ.
    Shape {
        /// The tensor's.
        file: Vec<usize>,
        /// The variable's.
        network: Vec<usize>,
    },
    /// The types of the numbers differ, in the words of safetensors: `F32`.
    Type {
        /// The tensor's.
        file: String,
        /// The variable's.
        network: String,
    },
    /// The network has no such variable.
    Unexpected,
}

impl Mismatch {
    pub(super) fn is_about_type(&self) -> bool {
        matches!(self.problem, Problem::Type { .. })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let other_name = self.variable.as_ref().filter(|variable| **variable != self.key);
        let here = other_name.map(|variable| format!(" (here `{variable}`)")).unwrap_or_default();
        let name = format!("`{}`{here}", quote(&self.key));
        match &self.problem {
            Problem::Missing { nearest: None } => write!(f, "missing: {name}"),
            Problem::Missing { nearest: Some(nearest) } => {
                write!(f, "missing: {name}; the file has `{}`", quote(nearest))
            }
            Problem::Shape { file, network } => {
                write!(f, "wrong shape: {name} is {file:?}, the network has {network:?}")
            }
            Problem::Type { file, network } => write!(f, "wrong type: {name} is {file}, the network has {network}"),
            Problem::Unexpected => write!(f, "unexpected: {name}"),
        }
    }
}

/// A line for each, at most ten of a sort and then how many more there are.
pub(super) fn lines(mismatches: &[Mismatch]) -> Vec<String> {
    let mut lines = Vec::new();
    for sort in ["missing", "wrong shape", "wrong type", "unexpected"] {
        let of_sort: Vec<_> = mismatches.iter().filter(|mismatch| mismatch.sort() == sort).collect();
        lines.extend(of_sort.iter().take(LISTED).map(ToString::to_string));
        if of_sort.len() > LISTED {
            lines.push(format!("{sort}: and {} more", of_sort.len() - LISTED));
        }
    }
    lines
}

/// What loading can be asked for where these are in the way.
pub(super) fn help(mismatches: &[Mismatch]) -> Option<String> {
    let of_types = mismatches.iter().filter(|mismatch| mismatch.is_about_type()).count();
    let help = match (of_types > 0, of_types < mismatches.len()) {
        (true, true) => "`convert` changes types, and `partial` leaves out what does not fit otherwise",
        (true, false) => "`convert` changes types",
        (false, true) => "`partial` loads what fits and leaves out the rest",
        (false, false) => return None,
    };
    Some(format!("help: {help}"))
}

impl Mismatch {
    fn sort(&self) -> &'static str {
        match self.problem {
            Problem::Missing { .. } => "missing",
            Problem::Shape { .. } => "wrong shape",
            Problem::Type { .. } => "wrong type",
            Problem::Unexpected => "unexpected",
        }
    }
}

/// What fits and what does not.
pub(super) struct Fit {
    /// The positions of variables, and the keys of the tensors that fit them.
    pub(super) pairs: Vec<(usize, String)>,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Compares the variables, which the keys of the options must cover, with what the file has for them.
pub(super) fn compare(variables: &[(String, Tensor)], contents: &Contents, options: &LoadOptions) -> Fit {
    let key_of = |variable: &'_ str| match &options.keys {
        Some(keys) => keys.key_of(variable).unwrap_or(variable).to_owned(),
        None => variable.to_owned(),
    };
    let expected: Vec<String> = variables.iter().map(|(name, _)| key_of(name)).collect();
    let mut left: BTreeMap<&str, &Entry> = contents.tensors.iter().map(|(key, entry)| (key.as_str(), entry)).collect();
    let (mut pairs, mut missing, mut mismatches) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (key, (variable, tensor))) in expected.iter().zip(variables).enumerate() {
        let Some(entry) = left.remove(key.as_str()) else {
            missing.push((key, variable, shape_of(tensor)));
            continue;
        };
        let problems = problems(tensor, entry, options.convert);
        if problems.is_empty() {
            pairs.push((index, key.clone()));
        }
        mismatches.extend(problems.into_iter().map(|problem| Mismatch {
            key: key.clone(),
            variable: Some(variable.clone()),
            problem,
        }));
    }
    let known: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    left.retain(|key, _| !is_counter(key, &known) && !options.keys.as_ref().is_some_and(|keys| keys.is_counter(key)));
    for (position, (key, variable, shape)) in missing.into_iter().enumerate() {
        // The rest is counted and not shown, so nobody needs to search for it.
        let nearest = if position < LISTED { nearest(key, &shape, &left) } else { None };
        let problem = Problem::Missing { nearest };
        mismatches.push(Mismatch { key: key.clone(), variable: Some(variable.clone()), problem });
    }
    let unexpected = left.into_keys().map(str::to_owned).chain(contents.others.iter().cloned());
    mismatches.extend(unexpected.map(|key| Mismatch { key, variable: None, problem: Problem::Unexpected }));
    Fit { pairs, mismatches }
}

fn problems(variable: &Tensor, entry: &Entry, convert: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (kind, shape) = (variable.kind(), shape_of(variable));
    if entry.shape != shape {
        problems.push(Problem::Shape { file: entry.shape.clone(), network: shape });
    }
    let same = dtype_of(kind) == Some(entry.dtype);
    let convertible = convert && kind_of(entry.dtype).is_some();
    if !same && !convertible {
        let network = dtype_of(kind).map_or_else(|| format!("{kind:?}"), |dtype| dtype.to_string());
        problems.push(Problem::Type { file: entry.dtype.to_string(), network });
    }
    problems
}

/// Whether it is the counter of a batch normalisation that the network has.
fn is_counter(key: &str, known: &BTreeSet<&str>) -> bool {
    let layer = key.strip_suffix(COUNTER);
    layer.is_some_and(|layer| known.contains(format!("{layer}running_var").as_str()))
}

fn shape_of(tensor: &Tensor) -> Vec<usize> {
    tensor.size().iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect()
}
