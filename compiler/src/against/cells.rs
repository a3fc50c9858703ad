//! Cell by cell: what a table prints, what a network has.

use super::conditions::Skipped;
use super::published::{Correction, Published, Row, Step};
use super::{Cell, Verdict, is_patch, output, steps};
use crate::CheckedNetwork;
use crate::diff::attributes::Class;
use crate::diff::units::{Unit, op, operations};
use crate::network::Source;
use crate::ops::Op;
use crate::shape::Shape;

/// The cells of a row; a row without layers has one cell that says so.
pub(super) fn cells(
    checked: &CheckedNetwork,
    table: &Published,
    row: &Row,
    units: &[&Unit],
    skipped: &Skipped,
) -> Vec<Cell> {
    let Some(last) = units.last() else {
        return vec![cell("type", row.kind.clone(), "absent".into(), Verdict::Differs)];
    };
    let mut cells = Vec::new();
    if let Some(wanted) = &row.patch {
        let found = patch(checked, last);
        let verdict = verdict(is_patch(wanted, &found), skipped.contains(&"patch"));
        cells.push(cell("patch", wanted.clone(), found, verdict).at(last.operation, WINDOW));
    }
    if let Some((wanted, found)) = rate(&row.kind).zip(dropped(checked, last)) {
        let verdict = verdict(wanted == found, false);
        cells.push(cell("rate", wanted, found, verdict).at(last.operation, &["probability"]));
    }
    let shape = output(checked, last);
    let sizes = shape.map(Shape::sizes).unwrap_or_default();
    let words = |sizes: &[u64]| sizes.iter().map(u64::to_string).collect::<Vec<_>>().join("x");
    let agrees = without_ones(&sizes) == without_ones(&row.output);
    let output = cell("output", words(&row.output), words(&sizes), verdict(agrees, skipped.contains(&"output")));
    cells.push(output.at(last.operation, &["channels"]));
    if let Some(wanted) = row.depth {
        let found = units.iter().map(|unit| depth(checked, unit)).sum::<u64>();
        let depth = cell("depth", wanted.to_string(), found.to_string(), verdict(found == wanted, false));
        cells.push(depth.at(last.operation, &[]));
    }
    cells.extend(channels(checked, table, row, units));
    let erratum = table.errata.iter().enumerate().find(|(_, erratum)| erratum.row == row.name);
    let (index, erratum) = erratum.map_or((0, None), |(index, erratum)| (index + 1, Some(erratum)));
    if let Some(wanted) = row.params {
        let unit = Unity { column: "params", size: table.thousand, letter: 'K', tolerance: table.params_tolerance };
        let correction = erratum.and_then(|erratum| erratum.params);
        let number = number(&unit, wanted, weights(checked, units), correction, index, skipped.contains(&"params"));
        cells.push(number.at(last.operation, &[]));
    }
    if let Some(wanted) = row.ops {
        let unit = Unity { column: "ops", size: 1e6, letter: 'M', tolerance: table.ops_tolerance };
        let found = units.iter().flat_map(|unit| operations(unit)).map(|index| checked.multiply_adds(index)).sum();
        let correction = erratum.and_then(|erratum| erratum.ops);
        let number = number(&unit, wanted, found, correction, index, skipped.contains(&"ops"));
        cells.push(number.at(last.operation, &[]));
    }
    cells
}

pub(super) fn cell(column: &str, published: String, found: String, verdict: Verdict) -> Cell {
    Cell { column: column.into(), right: published.clone(), published, found, verdict, place: None }
}

impl Cell {
    /// Says which operation has what was found, and which of its attributes say it.
    pub(super) fn at(self, operation: Option<usize>, slots: &'static [&'static str]) -> Self {
        Self { place: operation.map(|operation| (operation, slots)), ..self }
    }
}

/// The attributes of a window, in the order in which they are written.
pub(super) const WINDOW: &[&str] = &["kernel_height", "kernel_width", "stride_height", "stride_width"];

/// Sizes without those at the end that make no difference: a vector of 1024 is a map of 1x1.
fn without_ones(sizes: &[u64]) -> &[u64] {
    let end = sizes.iter().rposition(|size| *size != 1).map_or(0, |last| last + 1);
    sizes.get(..end).unwrap_or_default()
}

/// The `40%` of `dropout (40%)`.
fn rate(kind: &str) -> Option<String> {
    let (_, rate) = kind.strip_suffix(')')?.split_once('(')?;
    Some(rate.to_owned())
}

/// How much a dropout drops: `40%`.
pub(super) fn dropped(checked: &CheckedNetwork, unit: &Unit) -> Option<String> {
    let Op::Dropout(dropout) = op(checked, unit)? else { return None };
    Some(format!("{}%", rounded(dropout.p * 100.0)))
}

fn verdict(agrees: bool, skipped: bool) -> Verdict {
    match (skipped, agrees) {
        (true, _) => Verdict::NotCompared,
        (false, true) => Verdict::Agrees,
        (false, false) => Verdict::Differs,
    }
}

/// How a column counts.
struct Unity {
    column: &'static str,
    size: f64,
    letter: char,
    tolerance: f64,
}

#[expect(clippy::cast_precision_loss, reason = "printed numbers have three or four digits")]
fn number(unit: &Unity, wanted: f64, found: u64, correction: Option<Correction>, index: usize, skipped: bool) -> Cell {
    let found = found as f64 / unit.size;
    let near = |value: f64| (value - found).abs() <= unit.tolerance;
    let verdict = match correction {
        // A value that is wrong in the table is held against the right one alone.
        Some(correction) if !skipped && near(correction.correct / unit.size) => Verdict::Erratum(index),
        Some(_) => verdict(false, skipped),
        None => verdict(near(wanted), skipped),
    };
    let right = correction.map_or(wanted, |correction| correction.correct / unit.size);
    let words = |value: String| format!("{value}{}", unit.letter);
    Cell {
        right: words(rounded(right)),
        ..cell(unit.column, words(wanted.to_string()), words(rounded(found)), verdict)
    }
}

/// One decimal, as far as there is one.
pub(super) fn rounded(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

/// The window of a layer as the paper writes it; of a global pool, the map that it covers.
pub(super) fn patch(checked: &CheckedNetwork, unit: &Unit) -> String {
    let input = unit.operation.and_then(|index| checked.network().operations[index].inputs.first().copied());
    let input = checked.shape(input.unwrap_or(Source::Input));
    op(checked, unit).and_then(|op| op.rule().patch(input)).unwrap_or_else(|| "none".into())
}

/// Layers with parameters on the longest way through a unit.
fn depth(checked: &CheckedNetwork, unit: &Unit) -> u64 {
    let own = u64::from(op(checked, unit).is_some_and(|op| op.rule().counts_as_depth()));
    let branch = |branch: &Vec<Unit>| branch.iter().map(|unit| depth(checked, unit)).sum::<u64>();
    own + unit.branches.iter().map(branch).max().unwrap_or(0)
}

/// Weights of convolutions and linear layers, without biases.
fn weights(checked: &CheckedNetwork, units: &[&Unit]) -> u64 {
    let indices = units.iter().flat_map(|unit| operations(unit));
    let layers =
        indices.filter(|index| matches!(checked.network().operations[*index].op, Op::Convolution(_) | Op::Linear(_)));
    let variables = layers.flat_map(|index| checked.variables(index));
    variables.filter(|variable| variable.name == "weight").filter_map(crate::ops::Variable::elements).sum()
}

/// The channel columns of a row, and kernels that are not the printed ones.
fn channels(checked: &CheckedNetwork, table: &Published, row: &Row, units: &[&Unit]) -> Vec<Cell> {
    let mut cells = Vec::new();
    if let Some([unit]) = Some(units).filter(|_| units.iter().all(|unit| unit.class == Class::Fork)) {
        let mut left: Vec<&Vec<Unit>> = unit.branches.iter().collect();
        for steps in &table.branches {
            let wanted = steps
                .iter()
                .filter(|step| matches!(step, Step::Conv { column, .. } if row.channels.contains_key(column)));
            if wanted.count() == 0 {
                continue;
            }
            let best = (0..left.len()).max_by_key(|index| (alike(checked, steps, left[*index]), usize::MAX - index));
            let convolutions = best.map(|index| convolutions(checked, left.remove(index))).unwrap_or_default();
            cells.extend(branch(row, steps, &convolutions));
        }
        cells.extend(left.iter().map(|branch| {
            cell("branches", "none more".into(), crate::diff::branch_words(checked, branch), Verdict::Differs)
        }));
    } else if let Some(steps) = steps(row, table) {
        let found: Vec<Convolved> = units.iter().filter_map(|unit| convolution(checked, unit)).collect();
        cells.extend(branch(row, steps, &found));
    }
    cells
}

/// How well a branch fits: the same number of steps, and kernels that agree.
fn alike(checked: &CheckedNetwork, steps: &[Step], branch: &[Unit]) -> usize {
    let layers: Vec<&Unit> = branch.iter().filter(|unit| super::counts(unit)).collect();
    let same = |(step, unit): (&Step, &&Unit)| match step {
        Step::Pool => unit.class == Class::Pool,
        Step::Conv { kernel, .. } => convolution(checked, unit).is_some_and(|found| found.kernel == *kernel),
    };
    let agreeing = steps.iter().zip(&layers).filter(|(step, unit)| same((*step, *unit))).count();
    agreeing + usize::from(steps.len() == layers.len())
}

fn branch(row: &Row, steps: &[Step], found: &[Convolved]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let wanted = steps.iter().filter_map(|step| match step {
        Step::Conv { kernel, column } => Some((kernel, column)),
        Step::Pool => None,
    });
    for (index, (kernel, column)) in wanted.enumerate() {
        let Some(channels) = row.channels.get(column) else { continue };
        let name = crate::report::heading(column);
        let found = found.get(index);
        let operation = found.map(|found| found.operation);
        let found_channels = found.map_or("absent".into(), |found| found.channels.to_string());
        let agrees = found_channels == channels.to_string();
        let width = cell(&name, channels.to_string(), found_channels, verdict(agrees, false));
        cells.push(width.at(operation, &["channels"]));
        if let Some(found) = found.filter(|found| found.kernel != *kernel) {
            let cell = cell(&format!("kernel of {name}"), kernel.clone(), found.kernel.clone(), Verdict::Differs);
            cells.push(cell.at(operation, &["kernel_height", "kernel_width"]));
        }
    }
    cells
}

fn convolutions(checked: &CheckedNetwork, branch: &[Unit]) -> Vec<Convolved> {
    branch.iter().filter_map(|unit| convolution(checked, unit)).collect()
}

/// A convolution as tables see one.
pub(super) struct Convolved {
    pub(super) kernel: String,
    pub(super) channels: u64,
    pub(super) operation: usize,
}

pub(super) fn convolution(checked: &CheckedNetwork, unit: &Unit) -> Option<Convolved> {
    let Op::Convolution(op) = op(checked, unit)? else { return None };
    let kernel = format!("{}x{}", op.window.kernel[0], op.window.kernel[1]);
    Some(Convolved { kernel, channels: op.channels, operation: unit.operation? })
}
