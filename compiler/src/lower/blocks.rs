//! Blocks: their definitions, and what a call expands to.

use std::collections::BTreeMap;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Block, Construct};

use super::arguments::Given;
use super::values::Resolved;
use super::{Lowerer, MOST_OPERATIONS, Named, Place};
use crate::codes;
use crate::layers;
use crate::network::{Call, CallArgument, Content, Group, Source};
use crate::ops::{Add, Concat, Op};

/// Nobody nests blocks this deep; the limit keeps hostile specs from exhausting the stack.
const DEEPEST_CALLS: usize = 64;

impl<'a> Lowerer<'a> {
    pub(super) fn find_block(&self, name: &str) -> Option<&'a Block> {
        self.spec.blocks.iter().find(|block| block.name.value == name)
    }

    pub(super) fn block_names(&self) -> impl Iterator<Item = &'a str> {
        self.spec.blocks.iter().map(|block| block.name.value.as_str())
    }

    /// Reports definitions that would hide something that has a meaning already.
    pub(super) fn check_blocks(&mut self) {
        for block in &self.spec.blocks {
            let name = &block.name;
            if layers::find(&name.value).is_some() {
                let message = format!("the block `{}` has the name of a layer kind", name.value);
                self.report(Diagnostic::error(codes::DUPLICATE_NAME, message).at(name.span, "choose another name"));
            }
            for parameter in &block.parameters {
                if parameter.name.value.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    let message = format!("the parameter `{}` is not in lower case", parameter.name.value);
                    self.report(
                        Diagnostic::error(codes::BAD_NAME, message)
                            .at(parameter.name.span, "capitals are not allowed here"),
                    );
                }
                if parameter.name.value == "classes" {
                    let message = "`classes` cannot be a parameter, because the name is taken";
                    self.report(
                        Diagnostic::error(codes::DUPLICATE_NAME, message)
                            .at(parameter.name.span, "stands for the number of classes everywhere"),
                    );
                }
            }
        }
    }

    /// `inception 64 96 128 16 32 32`, with arguments by position and by name.
    pub(super) fn call_by_expression(
        &mut self,
        block: &'a Block,
        given: Given,
        span: Span,
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        let mut incomplete = given.incomplete;
        let mut arguments: BTreeMap<String, Resolved> = BTreeMap::new();
        for (index, value) in given.positional.into_iter().flatten().enumerate() {
            match block.parameters.get(index) {
                Some(parameter) => {
                    arguments.insert(parameter.name.value.clone(), value);
                }
                None => self.report(
                    Diagnostic::error(codes::ARGUMENTS, format!("{} gets too many arguments", signature(block)))
                        .at(value.span, "one too many")
                        .see(block.name.span, "defined here"),
                ),
            }
        }
        for (key, value) in given.named.into_iter().flatten() {
            if !block.parameters.iter().any(|parameter| parameter.name == key) {
                self.report(unknown_parameter(block, &key));
                incomplete = true;
            } else if arguments.insert(key.value.clone(), value).is_some() {
                let message = format!("`{}` is given twice", key.value);
                self.report(
                    Diagnostic::error(codes::DUPLICATE_NAME, message).at(key.span, "already given by position"),
                );
            }
        }
        if incomplete {
            return self.unknown(named, place);
        }
        self.call(block, arguments, span, None, named, place, input)
    }

    /// Expands a block. `span` is where the call stands, `row` the table's row if one makes it.
    #[expect(clippy::too_many_arguments, reason = "a call is a block, its arguments, and where it stands")]
    pub(super) fn call(
        &mut self,
        block: &'a Block,
        mut given: BTreeMap<String, Resolved>,
        span: Span,
        row: Option<String>,
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        let start = self.operations.len();
        if !self.complete(block, &mut given, span, place) || self.is_too_deep(block, span) || self.is_full(span) {
            return self.unknown(named, place);
        }
        let arguments = block.parameters.iter().map(|parameter| &parameter.name.value);
        let arguments = arguments.map(|name| CallArgument {
            name: name.clone(),
            value: given[name].text(),
            parameter: given[name].parameter.clone(),
        });
        let arguments = arguments.collect();
        let environment = place.environment.inside(given);
        let place = Place { environment: &environment, ..place };
        self.calls.push(&block.name.value);
        let (body, output) = match &block.body {
            Construct::Sequence(items) => {
                let (children, output) = self.sequence(items, span, place, input);
                (Content::Sequence(children), output)
            }
            Construct::Concat(items) => {
                let (children, output) = self.joined(Op::Concat(Concat), items, span, place, input);
                (Content::Concat(children), output)
            }
            Construct::Add(items) => {
                let (children, output) = self.joined(Op::Add(Add), items, span, place, input);
                (Content::Add(children), output)
            }
            Construct::Expression(_) | Construct::Table(_) | Construct::Repeat(_) | Construct::Invalid(_) => {
                (Content::Sequence(Vec::new()), Source::Unknown)
            }
        };
        self.calls.pop();
        let call = Call { block: block.name.value.clone(), row, arguments, body: Box::new(body) };
        self.group(named, place, Content::Call(call), start, output)
    }

    /// Adds the defaults of parameters that the call leaves out; reports those that have none.
    fn complete(
        &mut self,
        block: &'a Block,
        given: &mut BTreeMap<String, Resolved>,
        span: Span,
        place: Place<'_>,
    ) -> bool {
        let mut missing = Vec::new();
        for parameter in &block.parameters {
            let name = &parameter.name.value;
            if given.contains_key(name) {
                continue;
            }
            match parameter.default.as_ref().map(|value| place.environment.inside(BTreeMap::new()).resolve(value)) {
                Some(Ok(value)) => {
                    given.insert(name.clone(), value);
                }
                Some(Err(diagnostic)) => {
                    self.report(diagnostic);
                    return false;
                }
                None => missing.push(format!("`{name}`")),
            }
        }
        if !missing.is_empty() {
            let message = format!("{} is called without {}", signature(block), missing.join(", "));
            self.report(
                Diagnostic::error(codes::ARGUMENTS, message)
                    .at(span, format!("lacks {}", missing.join(", ")))
                    .see(block.name.span, "defined here"),
            );
        }
        missing.is_empty()
    }

    /// Whether so much has been expanded that nothing more will be; counts this call.
    fn is_full(&mut self, span: Span) -> bool {
        self.expanded += 1;
        if self.expanded == MOST_OPERATIONS {
            self.too_many("calls of blocks", span);
        }
        self.expanded >= MOST_OPERATIONS || self.operations.len() > MOST_OPERATIONS
    }

    fn is_too_deep(&mut self, block: &Block, span: Span) -> bool {
        let recursive = self.calls.contains(&block.name.value.as_str());
        if recursive {
            let message = format!("the block `{}` calls itself", block.name.value);
            self.report(
                Diagnostic::error(codes::RECURSION, message)
                    .at(span, "called again inside its own body")
                    .see(block.name.span, "defined here")
                    .note(format!("calls: {} -> {}", self.calls.join(" -> "), block.name.value)),
            );
        }
        let deep = self.calls.len() >= DEEPEST_CALLS;
        if deep && !recursive {
            let message = format!("blocks call one another more than {DEEPEST_CALLS} deep");
            self.report(Diagnostic::error(codes::RECURSION, message).at(span, "one call too deep"));
        }
        recursive || deep
    }
}

/// `inception(n1x1, n3x3)`.
pub(super) fn signature(block: &Block) -> String {
    let names: Vec<&str> = block.parameters.iter().map(|parameter| parameter.name.value.as_str()).collect();
    format!("`{}({})`", block.name.value, names.join(", "))
}

/// The message that a block has no such parameter.
pub(super) fn unknown_parameter(block: &Block, key: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, format!("{} has no parameter `{}`", signature(block), key.value))
        .at(key.span, "unknown parameter")
        .see(block.name.span, "defined here")
        .did_you_mean(&key.value, key.span, block.parameters.iter().map(|parameter| parameter.name.value.as_str()))
}
