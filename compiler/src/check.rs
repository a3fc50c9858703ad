//! Network to checked network: shapes, costs, and everything that can be wrong with them.
//!
//! Works on the flat list of operations, in order, and writes side tables. Whatever could be derived is returned together
//! with the messages; only [`Checked::finish`] makes the [`CheckedNetwork`] that back ends ask for.

mod assertions;
pub(crate) mod at;
pub(crate) mod blame;
mod channels;
mod cost;
mod heads;
mod names;
mod origins;
mod resize;
pub(crate) mod samples;
pub(crate) mod view;

use std::collections::BTreeMap;

use googlenetc_dsl::codes as reading;
use googlenetc_dsl::diagnostic::{self, Diagnostic};

use crate::codes;
use crate::lower::MOST_MESSAGES;
use crate::network::{Assertion, Group, Network, Source};
use crate::ops::Variable;
use crate::shape::{Partial, Shape};
use blame::Found;
use origins::Origins;
use view::{Places, View};

/// A network with what could be derived about it, right or wrong.
pub(crate) struct Checked {
    network: Option<Network>,
    shapes: Vec<Partial>,
    costs: Vec<Cost>,
    diagnostics: Vec<Diagnostic>,
}

/// A network in which everything fits: every shape is known, every count fits 64 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedNetwork {
    network: Network,
    shapes: Vec<Shape>,
    costs: Vec<Cost>,
}

/// What one operation costs.
#[derive(Debug, Clone, Default, PartialEq)]
struct Cost {
    variables: Vec<Variable>,
    parameters: u64,
    multiply_adds: u64,
}

/// Checks a lowered network; `diagnostics` are those that came before.
pub(crate) fn check(network: Option<Network>, diagnostics: Vec<Diagnostic>) -> Checked {
    let mut diagnostics = diagnostics;
    let Some(network) = network else {
        sort(&mut diagnostics);
        return Checked { network, shapes: Vec::new(), costs: Vec::new(), diagnostics };
    };
    let mut found = Vec::new();
    let places = Places::new(&network);
    let origins = Origins::new(&network, &places);
    let shapes = shapes(&network, &places, &origins, &mut found);
    blame::hint_at_channels_last(&network, &mut found);
    let costs = cost::costs(&network, &shapes, &mut found);
    let input = input_shape(&network);
    let view = View { network: &network, places: &places, input, shapes: &shapes };
    heads::check(&view, &origins, &mut found);
    names::check(&network, &costs, &mut found);
    samples::check(&network, &places, &shapes, &mut found);
    if found.len() >= MOST_MESSAGES
        && let Some(span) = found.last().and_then(Diagnostic::span)
    {
        let message = format!("there are {MOST_MESSAGES} mistakes in shapes, and what may follow is not listed");
        found.push(Diagnostic::error(reading::TOO_MANY, message).at(span, "the last that is listed"));
    }
    drop(origins);
    drop(places);
    let mut folded = Found::default();
    folded.extend(found);
    diagnostics.extend(folded.into_diagnostics());
    sort(&mut diagnostics);
    Checked { network: Some(network), shapes, costs, diagnostics }
}

/// Sorts by place. A value that is wrong is wrong once, however many layers use it.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostic::sort(diagnostics);
    let is_value = |code| [codes::WRONG_VALUE, codes::OUT_OF_RANGE].contains(&code);
    diagnostics
        .dedup_by(|later, first| is_value(later.code) && later.code == first.code && later.span() == first.span());
}

/// The output shape of every operation, assertions applied as soon as what they are about is known.
fn shapes(network: &Network, places: &Places<'_>, origins: &Origins<'_>, found: &mut Vec<Diagnostic>) -> Vec<Partial> {
    let claims = claims(network);
    let none = Vec::new();
    let mut input = input_shape(network);
    for (group, assertion) in claims.get(&None).unwrap_or(&none) {
        input =
            assertions::apply(&View { network, places, input, shapes: &[] }, origins, group, assertion, input, found);
    }
    let mut shapes: Vec<Partial> = Vec::with_capacity(network.operations.len());
    for (index, operation) in network.operations.iter().enumerate() {
        let inputs: Vec<Partial> = operation.inputs.iter().map(|source| shape_of(*source, input, &shapes)).collect();
        let mut output = match operation.op.rule().output(&inputs) {
            Ok(output) if operation.is_doubtful => output.without_size(),
            Ok(output) => output,
            // What does not fit may follow from what is wrong with its attributes.
            Err(_) if operation.is_doubtful || found.len() >= MOST_MESSAGES => Partial::Unknown,
            Err(problem) => {
                let view = View { network, places, input, shapes: &shapes };
                found.push(origins.of_problem(index, &shapes, blame::diagnostic(&view, index, problem)));
                Partial::Unknown
            }
        };
        for (group, assertion) in claims.get(&Some(index)).filter(|_| found.len() < MOST_MESSAGES).unwrap_or(&none) {
            shapes.push(output);
            let view = View { network, places, input, shapes: &shapes };
            let derived = assertions::apply(&view, origins, group, assertion, output, found);
            shapes.pop();
            output = derived;
        }
        shapes.push(output);
    }
    shapes
}

/// Assertions by the operation that they are about; `None` is the network's input. What goes out of one layer is judged
/// before what goes into the next.
fn claims(network: &Network) -> BTreeMap<Option<usize>, Vec<(&Group, &Assertion)>> {
    let mut claims: BTreeMap<Option<usize>, Vec<(&Group, &Assertion)>> = BTreeMap::new();
    for group in network.groups() {
        for assertion in &group.assertions {
            let subject = match assertion.subject {
                Source::Input => None,
                Source::Operation(index) => Some(index),
                Source::Unknown => continue,
            };
            claims.entry(subject).or_default().push((group, assertion));
        }
    }
    for list in claims.values_mut() {
        list.sort_by_key(|(_, assertion)| (assertion.direction == crate::network::Direction::Input, assertion.span));
    }
    claims
}

fn input_shape(network: &Network) -> Partial {
    let [channels, height, width] = network.input.value;
    Partial::from(Shape::Map { channels, height, width })
}

fn shape_of(source: Source, input: Partial, shapes: &[Partial]) -> Partial {
    match source {
        Source::Input => input,
        Source::Operation(index) => shapes.get(index).copied().unwrap_or(Partial::Unknown),
        Source::Unknown => Partial::Unknown,
    }
}

impl Checked {
    /// The checked network, unless there are errors.
    pub(crate) fn finish(self) -> (Option<CheckedNetwork>, Vec<Diagnostic>) {
        let shapes: Option<Vec<Shape>> = self.shapes.iter().map(|shape| shape.known()).collect();
        if diagnostic::has_errors(&self.diagnostics) {
            return (None, self.diagnostics);
        }
        let checked =
            self.network.zip(shapes).map(|(network, shapes)| CheckedNetwork { network, shapes, costs: self.costs });
        (checked, self.diagnostics)
    }
}

impl CheckedNetwork {
    /// The network itself.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The shape of a value.
    pub fn shape(&self, source: Source) -> Shape {
        match source {
            Source::Operation(index) => self.shapes[index],
            Source::Input | Source::Unknown => self.input(),
        }
    }

    /// The shape of the network's input.
    pub fn input(&self) -> Shape {
        let [channels, height, width] = self.network.input.value;
        Shape::Map { channels, height, width }
    }

    /// The tensors that an operation owns, in the order of their registration.
    pub fn variables(&self, operation: usize) -> &[Variable] {
        &self.costs[operation].variables
    }

    /// How many trainable numbers an operation owns.
    pub fn parameters(&self, operation: usize) -> u64 {
        self.costs[operation].parameters
    }

    /// Multiplications, each with its addition, for one sample: convolutions and linear layers, biases not counted.
    pub fn multiply_adds(&self, operation: usize) -> u64 {
        self.costs[operation].multiply_adds
    }
}
