//! Expressions: a layer, or a call of a block.

use googlenetc_dsl::diagnostic::Diagnostic;
use googlenetc_dsl::source::{Span, Spanned};
use googlenetc_dsl::tree::{Argument, Atom, Expression, Keyword};

use super::arguments::{Given, unknown_attribute};
use super::names::join;
use super::values::{Environment, Resolved, ResolvedValue};
use super::{Arguments, Lowerer, Named, Place};
use crate::codes;
use crate::layers::{self, KINDS, Kind};
use crate::network::{Assertion, Content, Direction, Group, Operation, Source};
use crate::ops::LARGEST_SIZE;

impl<'a> Lowerer<'a> {
    pub(super) fn expression(
        &mut self,
        expression: &'a Expression,
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        let keyword = match &expression.keyword.value {
            Keyword::Word(word) => Ok(word.clone()),
            Keyword::Parameter(name) => place.environment.keyword(name, expression.keyword.span),
        };
        let mut group = match keyword {
            Err(diagnostic) => {
                self.report(diagnostic);
                self.unknown(named, place)
            }
            Ok(keyword) => match (layers::find(&keyword), self.find_block(&keyword)) {
                (Some(kind), _) => self.layer(kind, expression, named, place, input),
                (None, Some(block)) => {
                    let given = self.given(&expression.arguments, place.environment);
                    self.call_by_expression(block, given, expression.keyword.span, named, place, input)
                }
                (None, None) => {
                    self.unknown_keyword(&keyword, expression.keyword.span);
                    self.unknown(named, place)
                }
            },
        };
        group.span = expression.span;
        if let Some(assertion) = &expression.assertion {
            let output = group.output;
            group.assertions.extend(self.assertion(assertion, output, place.environment));
        }
        group
    }

    fn layer(
        &mut self,
        kind: &'static Kind,
        expression: &'a Expression,
        named: Named,
        place: Place<'_>,
        input: Source,
    ) -> Group {
        let start = self.operations.len();
        let own = self.given(&expression.arguments, place.environment);
        let defaults = self.spec.defaults.iter().filter(|defaults| defaults.keyword.value == kind.keyword);
        let defaults: Vec<Argument> = defaults.flat_map(|defaults| defaults.arguments.clone()).collect();
        let defaults = self.given(&defaults, place.environment);
        let incomplete = own.incomplete || defaults.incomplete;
        let mut arguments = Arguments::new(kind, expression.keyword.span, own, defaults, None, &mut self.diagnostics);
        let steps = (kind.expand)(&mut arguments).filter(|_| !incomplete);
        let slots = arguments.finish();
        let mut output = if steps.is_some() { input } else { Source::Unknown };
        let steps = steps.unwrap_or_default();
        let last = steps.len().saturating_sub(1);
        for (index, step) in steps.into_iter().enumerate() {
            output = self.emit(Operation {
                op: step.op,
                inputs: vec![output],
                path: if index == last { place.path.into() } else { join(place.path, step.name) },
                scope: if step.scope.is_empty() { place.path.into() } else { join(place.path, step.scope) },
                phase: place.phase,
                span: expression.span,
                slots: slots.clone(),
            });
        }
        self.group(named, place, Content::Layer(kind.keyword), start, output)
    }

    /// Fills in the parameters of arguments; what cannot be filled in is reported and left out.
    pub(super) fn given(&mut self, arguments: &[Argument], environment: &Environment) -> Given {
        let mut given = Given::default();
        for argument in arguments {
            let (key, value) = match argument {
                Argument::Positional(value) => (None, value),
                Argument::Named { key, value } => (Some(key), value),
            };
            let resolved = match environment.resolve(value) {
                Ok(resolved) => resolved,
                Err(diagnostic) => {
                    self.report(diagnostic);
                    given.incomplete = true;
                    continue;
                }
            };
            match key {
                None => given.positional.push(Some(resolved)),
                Some(key) => {
                    if let Some((first, _)) = given.named.iter().flatten().find(|(other, _)| other == key) {
                        let message = format!("`{}` is given twice", key.value);
                        let diagnostic = Diagnostic::error(codes::DUPLICATE_NAME, message)
                            .at(key.span, "given again")
                            .see(first.span, "first given here");
                        self.report(diagnostic);
                    } else {
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
        let resolved = match environment.resolve(&Spanned::new(value, written.span)) {
            Ok(resolved) => resolved,
            Err(diagnostic) => {
                self.report(diagnostic);
                return None;
            }
        };
        self.asserted(&resolved, output, Direction::Output)
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

    /// Reports defaults for layers or attributes that do not exist.
    pub(super) fn check_defaults(&mut self) {
        for defaults in &self.spec.defaults {
            let keyword = &defaults.keyword;
            let Some(kind) = layers::find(&keyword.value) else {
                let known = KINDS.map(|kind| kind.keyword);
                self.report(
                    Diagnostic::error(codes::UNKNOWN_NAME, format!("there is no layer kind `{}`", keyword.value))
                        .at(keyword.span, "unknown layer kind")
                        .did_you_mean(&keyword.value, keyword.span, known)
                        .note(format!("layer kinds: {}", known.join(", "))),
                );
                continue;
            };
            for argument in &defaults.arguments {
                let (what, name, span) = match argument {
                    Argument::Named { key, .. } => ("attribute", key.value.clone(), key.span),
                    Argument::Positional(value) => match Environment::default().resolve(value) {
                        Ok(resolved) => ("flag", resolved.text(), resolved.span),
                        Err(_) => continue,
                    },
                };
                if kind.attribute(&name).is_none() {
                    self.report(unknown_attribute(kind, what, &name, span));
                }
            }
        }
    }

    fn unknown_keyword(&mut self, keyword: &str, span: Span) {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.keyword).chain(self.block_names()).collect();
        let message = format!("there is no layer or block `{}`", keyword.escape_debug());
        let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, message)
            .at(span, "unknown layer or block")
            .did_you_mean(keyword, span, known.iter().copied())
            .note(format!("known here: {}", known.join(", ")));
        self.report(diagnostic);
    }
}
