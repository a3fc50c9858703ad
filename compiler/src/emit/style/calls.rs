//! What happens when the network runs: modules that are called, one inside of the other.

use super::modules::Modules;
use super::runs;
use crate::CheckedNetwork;
use crate::network::{Phase, Source};
use crate::shape::Shape;

/// A call of a module.
#[derive(Debug)]
pub(super) struct Call {
    /// The module.
    pub(super) module: usize,
    /// How deep it lies; 1 for what the network holds itself.
    pub(super) depth: usize,
    /// What goes in.
    pub(super) input: Shape,
    /// What comes out.
    pub(super) output: Shape,
    /// The calls made inside, by the position of the first after them: calls stand before those that they make.
    pub(super) end: usize,
}

/// Every call in the order in which they begin; a call's own calls follow it.
pub(super) fn calls(checked: &CheckedNetwork, modules: &Modules, phase: Phase) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // Positions of the calls that have not ended.
    let mut open: Vec<usize> = Vec::new();
    for (index, operation) in checked.network().operations.iter().enumerate() {
        let Some(way) = modules.ways.get(&index).filter(|_| runs(checked, index, phase)) else { continue };
        let is_function = |module: usize| modules.list[module].operation.is_none();
        let shared = open.iter().zip(way).take_while(|(call, module)| calls[**call].module == **module).count();
        // A module that is an operation is called anew each time.
        let ends_in_module = way.last().is_some_and(|last| !is_function(*last));
        let keep = if ends_in_module { shared.min(way.len() - 1) } else { shared };
        close(&mut calls, &mut open, keep);
        let input = checked.shape(operation.inputs.first().copied().unwrap_or(Source::Input));
        let output = checked.shape(Source::Operation(index));
        for (level, module) in way.iter().enumerate().skip(keep) {
            open.push(calls.len());
            calls.push(Call { module: *module, depth: level + 1, input, output, end: 0 });
        }
        for call in &open {
            calls[*call].output = output;
        }
    }
    close(&mut calls, &mut open, 0);
    calls
}

fn close(calls: &mut [Call], open: &mut Vec<usize>, keep: usize) {
    let end = calls.len();
    for call in open.drain(keep..) {
        calls[call].end = end;
    }
}
