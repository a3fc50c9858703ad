//! Blocks by themselves, without a network that calls them: what can be known when nobody has said what parameters stand for.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::Span;
use googlenetc_dsl::tree::{Block, Spec};

use super::values::{Environment, Incoming};
use super::{Lowerer, Place, check_version};
use crate::network::{Phase, Source};

/// What is wrong with the blocks of a spec, whatever their parameters stand for: names that nothing has, attributes that a
/// layer does not know, calls in a circle. `start` is the start of the file.
pub(crate) fn library(spec: &Spec, complete: bool, start: Span) -> Vec<Diagnostic> {
    let mut lowerer = Lowerer::new(spec, complete, start);
    lowerer.check_blocks();
    let mut diagnostics: Vec<Diagnostic> = check_version(spec).into_iter().chain(lowerer.diagnostics).collect();
    for block in &spec.blocks {
        diagnostics.extend(body(spec, block, complete, start));
    }
    diagnostics
}

/// Lowers the body of a block with parameters that stand for something unknown.
fn body(spec: &Spec, block: &Block, complete: bool, start: Span) -> Vec<Diagnostic> {
    let names = block.parameters.iter().map(|parameter| parameter.name.value.clone());
    let unknown = names.chain(["classes".to_owned()]).map(|name| (name, None)).collect();
    let environment = Environment::new(unknown).inside(BTreeMap::new(), Incoming::Unknown);
    let place = Place { path: "", scope: "", environment: &environment, phase: Phase::Always, input: Source::Unknown };
    let mut lowerer = Lowerer::new(spec, complete, start);
    lowerer.calls.push(block);
    // Only the messages matter.
    let _ = lowerer.body(&block.body, block.name.span, place);
    lowerer.diagnostics
}
