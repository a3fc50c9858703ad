//! Groups to statements of `forward`, and to the fields that these need.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::channels::Channels;
use super::emitter::Emitter;
use super::expressions::Value;
use super::layout::{comment, trailing};
use super::statements::{Statement, tokens};
use super::structs::Struct;
use crate::network::{Content, Group, Source};

/// The statements made so far, and the value that they end with.
pub(super) struct Flow {
    pub(super) statements: Vec<Statement>,
    pub(super) value: Value,
    /// The expression of the last statement, and the shape behind it; none when the last statement is no `let`.
    pub(super) last: Option<(TokenStream, Option<String>)>,
}

impl Flow {
    pub(super) fn new(value: Value) -> Self {
        Self { statements: Vec::new(), value, last: None }
    }

    /// The expression and its shape, when there is but one step.
    pub(super) fn single(&self) -> Option<(TokenStream, Option<String>)> {
        if self.statements.len() == 1 { self.last.clone() } else { None }
    }

    /// The statements of a body that ends with the last value, as an expression rather than a variable.
    pub(super) fn ending(mut self) -> Vec<TokenStream> {
        if let Some((expression, shape)) = self.last {
            self.statements.pop();
            self.statements.extend(shape.map(|shape| Statement::Other(comment(&shape))));
            self.statements.push(Statement::Other(expression));
        } else {
            let name = &self.value.name;
            let value = if self.value.owned { quote!(#name) } else { self.value.another() };
            self.statements.push(Statement::Other(value));
        }
        tokens(&self.statements)
    }

    /// Makes the value that it ends with a variable called `target`.
    pub(super) fn call_it(&mut self, target: &Ident) {
        if self.value.name != *target {
            let another = self.value.another();
            let (name, expression) = (target.clone(), another.clone());
            self.statements.push(Statement::Bind { name, expression, behind: None });
            self.last = Some((another, None));
            self.value = Value { name: target.clone(), owned: true };
        }
    }
}

impl<'a> Emitter<'a> {
    /// Emits groups one after the other. `target` names the variable that each result is bound to.
    fn sequence(&mut self, at: &mut Struct<'a>, groups: &'a [Group], target: &Ident, flow: &mut Flow) {
        for group in groups {
            self.group(at, group, target, flow);
        }
    }

    pub(super) fn group(&mut self, at: &mut Struct<'a>, group: &'a Group, target: &Ident, flow: &mut Flow) {
        // An identity, or a part of which a table's row left out everything.
        if group.operations.is_empty() {
            return;
        }
        match &group.content {
            Content::Call(call) => match self.called(at, group, call) {
                Some(called) => self.call(at, group, &called, target, flow),
                None => self.content(at, group, &call.body, target, flow),
            },
            Content::Layer(_) | Content::Sequence(_) | Content::Concat(_) | Content::Add(_) | Content::Repeat(_) => {
                self.content(at, group, &group.content, target, flow);
            }
        }
    }

    /// Emits what a group holds; for a call that means its block's body, written out in place.
    pub(super) fn content(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        content: &'a Content,
        target: &Ident,
        flow: &mut Flow,
    ) {
        match content {
            Content::Layer(_) => self.layer(at, group, target, flow),
            Content::Sequence(children) => self.sequence(at, children, target, flow),
            Content::Repeat(copies) => self.repeat(at, group, copies, target, flow),
            Content::Concat(branches) => {
                let values = self.branches(at, branches, flow);
                let sum = Channels::sum(branch_channels(self, at, branches));
                at.remember(group.output, sum);
                // An array holds them all in one way.
                let shared = values.iter().any(|(_, shared)| *shared);
                let terms = values.iter().map(|(value, _)| value.lent(shared));
                let joined = quote!(Tensor::cat(&[#(#terms),*], 1));
                self.bind(at, target, at.seen(&group.path, &joined), group.output, flow);
            }
            Content::Add(branches) => {
                let values = self.branches(at, branches, flow);
                let alike = Channels::simplest(branch_channels(self, at, branches));
                at.remember(group.output, alike);
                let sum = match &values[..] {
                    [(alone, true)] => alone.another(),
                    values => {
                        let terms = values.iter().map(|(value, shared)| value.lent(*shared));
                        quote!(#(#terms)+*)
                    }
                };
                self.bind(at, target, at.seen(&group.path, &sum), group.output, flow);
            }
            Content::Call(_) => self.group(at, group, target, flow),
        }
    }

    /// Emits branches that read the same value, and returns their outputs, and whether somebody else needs them too.
    fn branches(&mut self, at: &mut Struct<'a>, branches: &'a [Group], flow: &mut Flow) -> Vec<(Value, bool)> {
        let input = flow.value.clone();
        let mut values = Vec::new();
        for branch in branches {
            let name = at.name(branch).to_owned();
            let name = at.locals.snake(&name);
            let kept = self.is_kept(at, branch.output);
            // An identity hands on what has been made, and perhaps kept, before.
            if kept && at.kept(branch.output).is_none() {
                at.keep(branch.output, &name);
            }
            flow.value = input.clone();
            self.group(at, branch, &name, flow);
            let shared = kept || flow.value.name != name;
            values.push((flow.value.clone(), shared));
        }
        flow.value = input;
        values
    }

    /// Binds `target` to the expression, with the shape behind it. A value that a head reads later gets a name of its own.
    pub(super) fn bind(
        &self,
        at: &mut Struct<'a>,
        target: &Ident,
        expression: TokenStream,
        output: Source,
        flow: &mut Flow,
    ) {
        let target = self.target(at, target, output);
        let shape = self.shape_comment(at, output);
        let behind = shape.as_deref().map(trailing);
        let name = target.clone();
        flow.statements.push(Statement::Bind { name, expression: expression.clone(), behind });
        flow.last = Some((expression, shape));
        flow.value = Value { name: target, owned: true };
    }
}

/// Channels of what each branch delivers.
fn branch_channels(emitter: &Emitter<'_>, at: &Struct<'_>, branches: &[Group]) -> Vec<Channels> {
    branches.iter().map(|branch| at.channels(branch.output, emitter.checked.shape(branch.output))).collect()
}
