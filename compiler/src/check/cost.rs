//! Parameters and multiply-adds of every operation, and that they and their sums can be counted at all.

use googlenetc_dsl::diagnostic::Diagnostic;

use super::{Cost, input_shape, shape_of};
use crate::codes;
use crate::network::Network;
use crate::ops::{Variable, product};
use crate::shape::{Partial, Shape};

/// The cost of every operation; zero where a shape is not known.
pub(super) fn costs(network: &Network, shapes: &[Partial], found: &mut Vec<Diagnostic>) -> Vec<Cost> {
    let input = input_shape(network);
    let (mut parameters, mut multiply_adds) = (0_u64, 0_u64);
    let mut costs = Vec::with_capacity(shapes.len());
    for (operation, output) in network.operations.iter().zip(shapes) {
        let source = operation.inputs.first().and_then(|source| shape_of(*source, input, shapes).known());
        let Some((source, output)) = source.zip(output.known()) else {
            costs.push(Cost::default());
            continue;
        };
        let rule = operation.op.rule();
        let cost = countable(rule.variables(source), rule.multiply_adds(source, output), output);
        let sums = cost.as_ref().and_then(|cost| {
            Some((
                product([parameters.checked_add(cost.parameters)?])?,
                product([multiply_adds.checked_add(cost.multiply_adds)?])?,
            ))
        });
        if let (Some(cost), Some(sums)) = (cost, sums) {
            (parameters, multiply_adds) = sums;
            costs.push(cost);
            continue;
        }
        let (what, path) = (operation.op.name(), &operation.path);
        let message =
            format!("the {what} `{path}` is too large: its parameters, values or multiply-adds cannot be counted");
        let span = operation.slot("channels").map_or(operation.span, |slot| slot.span);
        found.push(Diagnostic::error(codes::TOO_LARGE, message).at(span, "beyond 64 bits"));
        // What follows is as large, and would only repeat it.
        break;
    }
    costs.resize(shapes.len(), Cost::default());
    costs
}

fn countable(mut variables: Vec<Variable>, multiply_adds: Option<u64>, output: Shape) -> Option<Cost> {
    product(output.sizes())?;
    let mut parameters = 0_u64;
    for variable in &variables {
        let elements = variable.elements()?;
        if variable.trainable {
            parameters = parameters.checked_add(elements)?;
        }
    }
    // Of a hundred thousand layers each would have room for two more.
    variables.shrink_to_fit();
    Some(Cost { variables, parameters, multiply_adds: multiply_adds? })
}
