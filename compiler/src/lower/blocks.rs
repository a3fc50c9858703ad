//! Blocks: their definitions, and what a call expands to.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::Block;

use super::arguments::Given;
use super::values::{IN, Incoming, NoValue, Resolved};
use super::{Lowerer, Named, Place};
use crate::codes;
use crate::layers;
use crate::network::{Call, CallArgument, Content, Group};
use crate::settings::Exchanges;

/// Nobody nests blocks this deep; the limit keeps hostile specs from exhausting the stack.
const DEEPEST_CALLS: usize = 64;

/// What two short texts take beyond their bytes, about.
const SMALL: usize = 32;

impl<'a> Lowerer<'a> {
    pub(super) fn find_block(&self, name: &str) -> Option<&'a Block> {
        self.blocks.get(name).copied()
    }

    /// Whether a block has a parameter of this name.
    pub(super) fn has_parameter(&self, block: &Block, name: &str) -> bool {
        self.parameters.contains(&(block.name.value.as_str(), name))
    }

    pub(super) fn block_names(&self) -> impl Iterator<Item = &'a str> {
        self.spec.blocks.iter().map(|block| block.name.value.as_str())
    }

    /// Notes which blocks take the places of others; they must have parameters of the same names.
    pub(super) fn exchange(&mut self, exchanges: &Exchanges) {
        for (from, to) in exchanges.values() {
            let found: Vec<&Block> = [from, to].into_iter().filter_map(|name| self.known_block(name)).collect();
            let [old, new] = found[..] else { continue };
            if names(old) == names(new) {
                self.exchanged.insert(&old.name.value, new);
                continue;
            }
            let message = format!("`{}` cannot take the place of `{}`: their parameters differ", to.value, from.value);
            self.report(
                Diagnostic::error(codes::OVERRIDE, message)
                    .at(to.span, format!("this is {}", signature(new)))
                    .see(from.span, format!("this is {}", signature(old))),
            );
        }
    }

    /// The block that a setting names.
    fn known_block(&mut self, name: &Spanned<String>) -> Option<&'a Block> {
        let block = self.find_block(&name.value);
        if block.is_none() && self.complete {
            self.report(
                Diagnostic::error(codes::OVERRIDE, format!("there is no block `{}`", name.value.escape_debug()))
                    .at(name.span, "unknown block")
                    .did_you_mean(&name.value, name.span, self.block_names()),
            );
        }
        block
    }

    /// The block that a call of `block` calls. One that has taken the place of another may still call that other.
    fn in_place_of(&self, block: &'a Block) -> &'a Block {
        match self.exchanged.get(block.name.value.as_str()) {
            Some(new) if self.calls.last().is_none_or(|call| call.name != new.name) => new,
            _ => block,
        }
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
                let taken = match parameter.name.value.as_str() {
                    "classes" => "stands for the number of classes everywhere",
                    IN => "stands for the number of channels that come into the call",
                    _ => continue,
                };
                let message = format!("`{}` cannot be a parameter, because the name is taken", parameter.name.value);
                self.report(Diagnostic::error(codes::DUPLICATE_NAME, message).at(parameter.name.span, taken));
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
    ) -> Option<Group> {
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
            if !self.has_parameter(block, &key.value) {
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
            return Some(self.unknown(named, place));
        }
        self.call(block, arguments, span, None, named, place)
    }

    /// Expands a block. `span` is where the call stands, `row` the table's row if one makes it.
    pub(super) fn call(
        &mut self,
        block: &'a Block,
        mut given: BTreeMap<String, Resolved>,
        span: Span,
        row: Option<String>,
        named: Named,
        place: Place<'_>,
    ) -> Option<Group> {
        let start = self.operations.len();
        let block = self.in_place_of(block);
        if !self.fill_in(block, &mut given, span, place) || self.is_too_deep(block, span) || self.is_full(span) {
            return Some(self.unknown(named, place));
        }
        let mut arguments = Vec::with_capacity(block.parameters.len());
        arguments.extend(block.parameters.iter().filter_map(|parameter| {
            let (name, value) = given.get_key_value(&parameter.name.value)?;
            Some(CallArgument { name: name.clone(), value: value.text(), parameter: value.parameter.clone() })
        }));
        let texts = arguments.iter().map(|argument| argument.name.len() + argument.value.len() + SMALL);
        self.hold(size_of::<Call>() + size_of_val(arguments.as_slice()) + texts.sum::<usize>(), span);
        let environment = place.environment.inside(given, self.incoming(place, span));
        self.called.insert(&block.name.value);
        self.calls.push(block);
        let body = self.body(&block.body, span, Place { environment: &environment, ..place });
        self.calls.pop();
        let (body, output) = body?;
        let call = Box::new(Call { block: block.name.value.clone(), row, arguments, body });
        Some(self.group(named, place, Content::Call(call), start, output))
    }

    /// What `$in` stands for in a call.
    fn incoming(&self, place: Place<'_>, span: Span) -> Incoming {
        self.shape(place.input).channels().map_or(Incoming::Unknown, |channels| Incoming::Known(channels, span))
    }

    /// Adds the defaults of parameters that the call leaves out; reports those that have none.
    fn fill_in(
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
            match parameter.default.as_ref().map(|value| (value.span, place.environment.outside().resolve(value))) {
                Some((_, Ok(value))) => _ = given.insert(name.clone(), value),
                Some((span, Err(NoValue::Empty))) => _ = given.insert(name.clone(), Resolved::empty(span)),
                Some((_, Err(reason))) => {
                    self.refuse(reason);
                    return false;
                }
                None => missing.push(format!("`{name}`")),
            }
        }
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
            let message = format!("{} is called without {}", signature(block), enumerate(&missing));
            self.report(
                Diagnostic::error(codes::ARGUMENTS, message)
                    .at(span, format!("lacks {}", enumerate(&missing)))
                    .see(block.name.span, "defined here"),
            );
        }
        missing.is_empty()
    }

    fn is_too_deep(&mut self, block: &Block, span: Span) -> bool {
        let recursive = self.calls.iter().any(|call| call.name == block.name);
        if recursive {
            let message = format!("the block `{}` calls itself", block.name.value);
            self.report(
                Diagnostic::error(codes::RECURSION, message)
                    .at(span, "called again inside its own body")
                    .see(block.name.span, "defined here")
                    .note(format!("calls: {} -> {}", self.called().join(" -> "), block.name.value)),
            );
        }
        let deep = self.calls.len() >= DEEPEST_CALLS;
        if deep && !recursive {
            let message = format!("blocks call one another more than {DEEPEST_CALLS} deep");
            self.report(Diagnostic::error(codes::RECURSION, message).at(span, "one call too deep"));
        }
        recursive || deep
    }

    /// The names of the blocks whose calls are being expanded.
    fn called(&self) -> Vec<&str> {
        self.calls.iter().map(|call| call.name.value.as_str()).collect()
    }
}

fn names(block: &Block) -> BTreeSet<&str> {
    block.parameters.iter().map(|parameter| parameter.name.value.as_str()).collect()
}

/// More names than a message lists.
const MOST_NAMES: usize = 50;

/// `a, b, c`, or only some of them where there are many.
pub(super) fn enumerate(names: &[&str]) -> String {
    match names.get(..MOST_NAMES).filter(|_| names.len() > MOST_NAMES) {
        Some(some) => format!("{} and {} more", some.join(", "), names.len() - MOST_NAMES),
        None => names.join(", "),
    }
}

/// `inception(n1x1, n3x3)`.
pub(super) fn signature(block: &Block) -> String {
    let names: Vec<&str> = block.parameters.iter().map(|parameter| parameter.name.value.as_str()).collect();
    format!("`{}({})`", block.name.value, enumerate(&names))
}

/// The message that a block has no such parameter.
pub(super) fn unknown_parameter(block: &Block, key: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, format!("{} has no parameter `{}`", signature(block), key.value))
        .at(key.span, "unknown parameter")
        .see(block.name.span, "defined here")
        .did_you_mean(&key.value, key.span, block.parameters.iter().map(|parameter| parameter.name.value.as_str()))
}
