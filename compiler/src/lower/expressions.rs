//! Expressions: a layer, or a call of a block.

use std::collections::BTreeMap;
use std::sync::Arc;

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Argument, Atom, Block, Expression, Keyword};

use super::arguments::Given;
use super::names::join;
use super::values::{Environment, NoValue, Resolved, ResolvedValue};
use super::{Arguments, Lowerer, Named, Place};
use crate::codes;
use crate::layers::{self, Kind};
use crate::network::{Assertion, Content, Direction, Group, Operation, Slot, Source};
use crate::ops::LARGEST_SIZE;

impl<'a> Lowerer<'a> {
    /// A layer or a call. `None` when it is left out, because a value that it needs is an empty cell.
    pub(super) fn expression(&mut self, expression: &Expression, named: Named, place: Place<'_>) -> Option<Group> {
        if self.has_said_enough() {
            return Some(self.unknown(named, place));
        }
        let keyword = match &expression.keyword.value {
            Keyword::Word(word) => Ok(word.clone()),
            Keyword::Parameter(name) => place.environment.keyword(name, expression.keyword.span),
        };
        let mut group = match keyword {
            Err(NoValue::Empty) => return None,
            Err(reason) => {
                self.refuse(reason);
                self.unknown(named, place)
            }
            Ok(keyword) => match self.layer_or_block(keyword, expression) {
                (Some(kind), _) => self.layer(kind, expression, named, place)?,
                (None, Some(block)) => {
                    let given = self.given(&expression.arguments, place.environment);
                    self.call_by_expression(block, given, expression.keyword.span, named, place)?
                }
                (None, None) => self.unknown(named, place),
            },
        };
        group.span = expression.span;
        if let Some(assertion) = &expression.assertion {
            let output = group.output;
            let assertion = self.assertion(assertion, output, place.environment);
            group.assertions.extend(assertion);
            group.assertions.shrink_to_fit();
        }
        Some(group)
    }

    /// What a keyword names, or, where that is nothing, what it surely stands for.
    fn layer_or_block(
        &mut self,
        keyword: String,
        expression: &Expression,
    ) -> (Option<&'static Kind>, Option<&'a Block>) {
        let is_known = layers::find(&keyword).is_some() || self.find_block(&keyword).is_some();
        let keyword = if is_known { Some(keyword) } else { self.unknown_keyword(&keyword, expression) };
        keyword.map_or((None, None), |keyword| (layers::find(&keyword), self.find_block(&keyword)))
    }

    fn layer(&mut self, kind: &'static Kind, expression: &Expression, named: Named, place: Place<'_>) -> Option<Group> {
        let start = self.operations.len();
        if let Some(diagnostic) = self.stranger(kind, expression, place.environment) {
            self.report(diagnostic);
            return Some(self.unknown(named, place));
        }
        let own = self.given(&expression.arguments, place.environment);
        if own.empty {
            return None;
        }
        let defaults = self.defaults(kind, place.environment);
        let incomplete = own.incomplete || defaults.incomplete;
        let (span, incoming) = (expression.keyword.span, self.shape(place.input).channels());
        let before = self.diagnostics.len();
        let mut arguments = Arguments::new(kind, span, own, defaults, incoming, &mut self.diagnostics);
        let steps = (kind.expand)(&mut arguments).filter(|_| !incomplete);
        let slots = arguments.finish();
        let slots = self.share(slots, expression.span);
        self.keep_few();
        let is_doubtful = self.diagnostics.len() > before;
        let mut output = if steps.is_some() { place.input } else { Source::Unknown };
        let steps = steps.unwrap_or_default();
        let last = steps.len().saturating_sub(1);
        for (index, step) in steps.into_iter().enumerate() {
            output = self.emit(Operation {
                op: step.op,
                inputs: vec![output],
                path: if index == last { place.path.into() } else { join(place.path, step.name) },
                scope: if step.scope.is_empty() { place.scope.into() } else { join(place.scope, step.scope) },
                phase: place.phase,
                span: expression.span,
                slots: Arc::clone(&slots),
                end: end_of_arguments(expression),
                is_doubtful,
            });
        }
        Some(self.group(named, place, Content::Layer(kind.keyword), start, output))
    }

    /// The places of a layer's attributes. Most copies and calls say the same as the last one, and share it.
    fn share(&mut self, slots: Vec<Slot>, layer: Span) -> Arc<[Slot]> {
        let is_same = |old: &&Arc<[Slot]>| {
            let same = |(a, b): (&Slot, &Slot)| a.name == b.name && a.span == b.span && a.parameter == b.parameter;
            old.len() == slots.len() && old.iter().zip(&slots).all(same)
        };
        if let Some(old) = self.slots.get(&layer).filter(is_same) {
            return Arc::clone(old);
        }
        let texts = slots.iter().filter_map(|slot| slot.parameter.as_ref()).map(|name| name.len());
        self.hold(size_of_val(slots.as_slice()) + texts.sum::<usize>(), layer);
        let slots: Arc<[Slot]> = slots.into();
        // Nothing comes twice where nothing has been called or copied.
        if self.expanded > 0 {
            self.slots.insert(layer, Arc::clone(&slots));
        }
        slots
    }

    /// Fills in the parameters of arguments; what cannot be filled in is reported and left out. Empty cells stay as they are
    /// and are noted.
    pub(super) fn given(&mut self, arguments: &[Argument], environment: &Environment) -> Given {
        let mut given = Given::default();
        let mut keys: BTreeMap<&str, Span> = BTreeMap::new();
        for argument in arguments {
            let (key, value) = match argument {
                Argument::Positional(value) => (None, value),
                Argument::Named { key, value } => (Some(key), value),
            };
            let resolved = match environment.resolve(value) {
                Ok(resolved) => resolved,
                Err(NoValue::Empty) => Resolved { parameter: Some(String::new()), ..Resolved::empty(value.span) },
                Err(reason) => {
                    self.refuse(reason);
                    given.incomplete = true;
                    continue;
                }
            };
            // A `_` that is written in a layer itself is no empty cell, and then not the number that it stands for either.
            given.empty |= resolved.is_empty() && resolved.parameter.is_some();
            match key {
                None => given.positional.push(Some(resolved)),
                Some(key) => {
                    if let Some(first) = keys.get(key.value.as_str()) {
                        let message = format!("`{}` is given twice", key.value);
                        let diagnostic = Diagnostic::error(codes::DUPLICATE_NAME, message)
                            .at(key.span, "given again")
                            .see(*first, "first given here");
                        self.report(diagnostic);
                    } else {
                        keys.insert(&key.value, key.span);
                        given.named.push(Some((key.clone(), resolved)));
                    }
                }
            }
        }
        given
    }

    /// `-> 64x112x112`.
    fn assertion(
        &mut self,
        written: &Spanned<Vec<Spanned<Atom>>>,
        output: Source,
        environment: &Environment,
    ) -> Option<Assertion> {
        let value = googlenetc_dsl::tree::Value::Extents { sizes: written.value.clone(), steps: Vec::new() };
        match environment.resolve(&Spanned::new(value, written.span)) {
            Ok(resolved) if resolved.is_empty() => None,
            Ok(resolved) => self.asserted(&resolved, output, Direction::Output),
            Err(reason) => {
                self.refuse(reason);
                None
            }
        }
    }

    /// The shape that a value asserts.
    pub(super) fn asserted(&mut self, resolved: &Resolved, subject: Source, direction: Direction) -> Option<Assertion> {
        if let ResolvedValue::Numbers { sizes, steps } = &resolved.value
            && steps.is_empty()
            && matches!(sizes.len(), 1 | 3)
        {
            let numbers: Result<Vec<u64>, _> =
                sizes.iter().map(|size| size.whole("an asserted size", 1..=LARGEST_SIZE)).collect();
            return match numbers {
                Ok(sizes) => Some(Assertion { sizes, subject, direction, span: resolved.span }),
                Err(diagnostic) => {
                    self.report(diagnostic);
                    None
                }
            };
        }
        self.report(
            Diagnostic::error(codes::WRONG_VALUE, format!("`{}` is not a shape", resolved.text()))
                .at(resolved.span, "write channels x height x width, such as `256x28x28`, or one number for a vector"),
        );
        None
    }
}

/// Behind the last argument of a layer, if it has one and its parts have places of their own.
fn end_of_arguments(expression: &Expression) -> Option<Span> {
    let last = match expression.arguments.last()? {
        Argument::Positional(value) | Argument::Named { value, .. } => value.span,
    };
    let is_exact = expression.keyword.span.end() < last.start();
    is_exact.then_some(last.starting_at(last.end()))
}
