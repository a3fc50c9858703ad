//! What a network is made of, seen while it runs: every named output with its shape, every variable, and how many there are.

use crate::error::Result;
use crate::forward::{TRACE, forward};
use crate::network::{Mode, Network};
use crate::variables::in_order;
use std::collections::BTreeSet;
use std::fmt;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// A network that has run once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// What it ran on: images, channels, height, width.
    pub input: [i64; 4],
    /// The named outputs, in the order of execution.
    pub outputs: Vec<Output>,
    /// The variables of layers that did not run.
    pub idle: Vec<Variable>,
    /// The variables with all heads, if the training graph ran.
    pub training: Option<Count>,
    /// The variables without heads that run in training only.
    pub inference: Count,
}

/// A named output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its path.
    pub path: String,
    /// Its shape, the images included.
    pub shape: Vec<i64>,
    /// Whether it is computed in training only.
    pub training_only: bool,
    /// The variables of the layer that computes it.
    pub variables: Vec<Variable>,
}

/// A variable of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its whole name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// Whether training changes it by its gradient. Others are buffers: running statistics.
    pub trainable: bool,
}

/// How many numbers the variables have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Of trainable variables.
    pub parameters: i64,
    /// Of the others.
    pub buffers: i64,
}

/// Runs `network`, whose variables are in `store`, on `images` images of zeros with this many channels, rows and columns.
///
/// With `training` it runs the training graph, and the graph of inference to tell them apart; otherwise the latter alone.
///
/// # Errors
/// When the network does not run on that size.
pub fn summarise<N: Network>(
    network: &N,
    store: &VarStore,
    images: i64,
    [channels, height, width]: [i64; 3],
    training: bool,
) -> Result<Summary> {
    let input = [images, channels, height, width];
    let variables = in_order(store);
    let kind = variables.first().map_or(Kind::Float, |(_, variable)| variable.kind());
    let x = Tensor::zeros(input, (kind, store.device()));
    let run = |mode: Mode| -> Result<Vec<(String, Vec<i64>)>> {
        let tensors = forward(network, &x, mode, true)?;
        let seen = tensors.iter().filter_map(|(name, t)| Some((name.strip_prefix(TRACE)?.to_owned(), t.size())));
        Ok(seen.collect())
    };
    let always = run(Mode::INFERENCE)?;
    let paths: BTreeSet<&str> = always.iter().map(|(path, _)| path.as_str()).collect();
    let seen = if training { run(Mode::COMPARISON)? } else { always.clone() };
    let mut outputs: Vec<Output> = seen
        .into_iter()
        .map(|(path, shape)| {
            let training_only = !paths.contains(path.as_str());
            Output { path, shape, training_only, variables: Vec::new() }
        })
        .collect();
    let idle = hand_out(&variables, &mut outputs);
    let run_always = outputs.iter().filter(|output| !output.training_only);
    let inference = Count::of(run_always.flat_map(|output| &output.variables));
    let everything = outputs.iter().flat_map(|output| &output.variables).chain(&idle);
    let training = training.then(|| Count::of(everything));
    Ok(Summary { network: N::NAME, input, outputs, idle, training, inference })
}

/// Gives each variable to the output of the operation that has it, and returns those that belong to none.
///
/// What fits exactly goes first, because what is left may fit several.
fn hand_out(variables: &[(String, Tensor)], outputs: &mut [Output]) -> Vec<Variable> {
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
fn scope_of(name: &str) -> &str {
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

impl Count {
    fn of<'a>(variables: impl Iterator<Item = &'a Variable>) -> Self {
        let mut count = Self::default();
        for variable in variables {
            *(if variable.trainable { &mut count.parameters } else { &mut count.buffers }) += variable.numbers();
        }
        count
    }
}

impl Variable {
    /// How many numbers it has.
    pub fn numbers(&self) -> i64 {
        self.shape.iter().product()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: input {}\n", self.network, written(&self.input))?;
        let mut rows = vec![["output".to_owned(), "shape".to_owned(), "parameters".to_owned(), "buffers".to_owned()]];
        for output in &self.outputs {
            let mark = if output.training_only { "  (training only)" } else { "" };
            rows.push([output.path.clone(), format!("{}{mark}", written(&output.shape)), String::new(), String::new()]);
            rows.extend(output.variables.iter().map(|variable| {
                let scope = scope_of(&variable.name);
                let short = variable.name.strip_prefix(scope).map(|name| name.trim_start_matches('.'));
                variable.row(short.filter(|_| output.path.starts_with(scope)).unwrap_or(&variable.name))
            }));
        }
        if !self.idle.is_empty() {
            rows.push(["(did not run)", "", "", ""].map(str::to_owned));
            rows.extend(self.idle.iter().map(|variable| variable.row(&variable.name)));
        }
        table(f, &rows)?;
        let mut totals = vec![["total", "parameters", "buffers"].map(str::to_owned)];
        totals.extend(self.training.iter().map(|count| count.row("training")));
        totals.push(self.inference.row("inference"));
        writeln!(f)?;
        table(f, &totals)
    }
}

impl Variable {
    fn row(&self, name: &str) -> [String; 4] {
        let numbers = grouped(self.numbers());
        let [parameters, buffers] = if self.trainable { [numbers, String::new()] } else { [String::new(), numbers] };
        [format!("  {name}"), format!("  {}", written(&self.shape)), parameters, buffers]
    }
}

impl Count {
    fn row(&self, name: &str) -> [String; 3] {
        [name.to_owned(), grouped(self.parameters), grouped(self.buffers)]
    }
}

/// Columns two spaces apart; those with numbers, the last two, to the right.
fn table<const N: usize>(f: &mut fmt::Formatter<'_>, rows: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column + 2 < N { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn written(shape: &[i64]) -> String {
    shape.iter().map(i64::to_string).collect::<Vec<_>>().join("x")
}

/// With commas between thousands, as in the compiler's report.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{Distance, grouped};

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (13_378_280, "13,378,280")] {
            assert_eq!(grouped(number), text);
        }
    }

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
