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
    for block in &spec.blocks {
        lowerer.alone(block);
    }
    check_version(spec).into_iter().chain(lowerer.diagnostics).collect()
}

impl<'a> Lowerer<'a> {
    /// Reports what is wrong with the spec's own blocks that nothing calls.
    pub(super) fn uncalled(&mut self) {
        for block in &self.spec.blocks {
            let name = block.name.value.as_str();
            let is_own = block.name.span.source == self.start.source;
            if is_own && !self.called.contains(name) && !self.exchanged.contains_key(name) {
                self.alone(block);
            }
        }
    }

    /// Lowers the body of a block with parameters that stand for something unknown. Only the messages stay.
    fn alone(&mut self, block: &'a Block) {
        let names = block.parameters.iter().map(|parameter| parameter.name.value.clone());
        let unknown = names.chain(["classes".to_owned()]).map(|name| (name, None)).collect();
        let environment = Environment::new(unknown).inside(BTreeMap::new(), Incoming::Unknown);
        let place =
            Place { path: "", scope: "", environment: &environment, phase: Phase::Always, input: Source::Unknown };
        let (operations, held) = (self.operations.len(), self.held);
        self.calls.push(block);
        let _ = self.body(&block.body, block.name.span, place);
        self.calls.pop();
        self.operations.truncate(operations);
        self.shapes.truncate(operations);
        self.held = held;
    }
}
