//! Repeats: a loop over a vector of one struct where every copy is made alike, otherwise the copies one after the other.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::blocks::Called;
use super::emitter::Emitter;
use super::expressions::Value;
use super::forward::Flow;
use super::layout::trailing;
use super::literals::whole;
use super::statements::Statement;
use super::structs::Struct;
use crate::network::{Content, Group};

impl<'a> Emitter<'a> {
    /// Emits the copies of a repeat.
    pub(super) fn repeat(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        copies: &'a [Group],
        target: &Ident,
        flow: &mut Flow,
    ) {
        let called: Vec<Option<Called>> = copies
            .iter()
            .map(|copy| match &copy.content {
                Content::Call(call) if !copy.operations.is_empty() => self.called(at, copy, call),
                Content::Call(_)
                | Content::Layer(_)
                | Content::Sequence(_)
                | Content::Concat(_)
                | Content::Add(_)
                | Content::Repeat(_) => None,
            })
            .collect();
        if let Some(alike) = made_alike(&called).filter(|_| !self.has_head_inside(group)) {
            return self.repeated(at, group, alike, copies.len(), target, flow);
        }
        for (copy, called) in copies.iter().zip(&called) {
            match called {
                Some(called) => self.call(at, copy, called, target, flow),
                None => self.group(at, copy, target, flow),
            }
        }
    }

    /// A field for all copies, and the loop that runs them.
    fn repeated(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        called: &Called,
        count: usize,
        target: &Ident,
        flow: &mut Flow,
    ) {
        let Called { ty, arguments, uses_mode } = called;
        let (scope, count) = (at.scope_of_copies(&group.scope), whole(count as u64));
        let made = quote!((0..#count).map(|i| #ty::new(#scope #(, #arguments)*)).collect());
        let field = at.field(group, quote!(Vec<#ty>), made);
        at.uses_mode |= uses_mode;
        let pass_mode = uses_mode.then(|| quote!(mode,));
        let target = self.target(at, target, group.output);
        let value = &flow.value;
        let probe = at.relative(&group.path);
        let shape = self.shape_comment(at, group.output);
        let behind = shape.as_deref().map(trailing);
        if !value.owned || value.name != target {
            let (name, expression) = (target.clone(), value.another());
            flow.statements.push(Statement::Bind { name, expression, behind: None });
        }
        // Variables of the loop alone, which only the one that it changes must differ from.
        let copy = format_ident!("{}", if target == "copy" { "one" } else { "copy" });
        let i = format_ident!("{}", if target == "i" { "index" } else { "i" });
        let code = quote! {
            for (#i, #copy) in self.#field.iter().enumerate() {
                #target = #copy.forward(&#target, #pass_mode &probe.enter(#probe).nth(#i)); #behind
            }
        };
        flow.statements.push(Statement::Loop { name: target.clone(), code });
        flow.last = None;
        flow.value = Value { name: target, owned: true };
    }
}

/// The call that all copies are, if there is more than one and all are made by the same code.
fn made_alike(called: &[Option<Called>]) -> Option<&Called> {
    let [Some(first), rest @ ..] = called else { return None };
    let code = |called: &Called| called.arguments.iter().map(TokenStream::to_string).collect::<Vec<_>>();
    let alike =
        |other: &Option<Called>| other.as_ref().is_some_and(|other| other.ty == first.ty && code(other) == code(first));
    (!rest.is_empty() && rest.iter().all(alike)).then_some(first)
}
