//! Calls of blocks: one struct per definition, made as often as it is called.
//!
//! A call's code is made in terms of the block's parameters and compared with what is there already. Calls that differ
//! in more than parameters, such as in a padding that follows from a kernel, get a struct of their own, which is always right.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::channels::Channels;
use super::emitter::{Emitter, Struct};
use super::forward::{Flow, Value};
use super::layout::comment;
use super::literals::whole;
use crate::network::{Call, CallArgument, Content, Group, Source};

/// The struct of a block.
pub(super) struct BlockStruct<'a> {
    block: String,
    name: Ident,
    /// The code without comments, by which calls are compared.
    key: String,
    /// The calls that it stands for.
    instances: Vec<&'a Group>,
}

impl<'a> Emitter<'a> {
    /// Adds a field for a call and returns its name, and whether its `forward` wants to know about training.
    pub(super) fn call(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        call: &'a Call,
        input: Source,
    ) -> (Ident, bool) {
        let (made, statements) = self.block(group, call, Vec::new());
        let name = self.block_struct(group, call, &made, &statements);

        let incoming = at.channels(input, self.checked.shape(input));
        let argument_channels: BTreeMap<String, Channels> = call
            .arguments
            .iter()
            .filter_map(|argument| Some((argument.name.clone(), argument_as_channels(at, argument)?)))
            .collect();
        let output = made.channels(group.output, self.checked.shape(group.output));
        at.remember(group.output, output.seen_by_caller(&incoming, &argument_channels));

        let mut arguments = Vec::new();
        if !made.fields.is_empty() {
            arguments.push(at.scope(&group.path));
        }
        if made.uses_incoming {
            arguments.push(at.channels_tokens(&incoming));
        }
        for argument in &call.arguments {
            if made.parameters.contains(&argument.name) {
                arguments.push(argument_tokens(at, argument));
            }
        }
        at.uses_train |= made.uses_train;
        let field = at.field(group, quote!(#name), quote!(#name::new(#(#arguments),*)));
        (field, made.uses_train)
    }

    /// The code of every block in use, comments included.
    pub(super) fn block_structs(&mut self) -> Vec<TokenStream> {
        let blocks = std::mem::take(&mut self.blocks);
        // Nested calls find the structs of the first pass by their keys.
        self.blocks = blocks.iter().map(BlockStruct::without_instances).collect();
        let mut items = Vec::new();
        for block in &blocks {
            let Some(group) = block.instances.first() else { continue };
            let Content::Call(call) = &group.content else { continue };
            let (made, statements) = self.block(group, call, block.instances.clone());
            items.extend(self.code(block, call, &made, &statements));
        }
        items
    }

    fn block_struct(&mut self, group: &'a Group, call: &Call, made: &Struct<'a>, statements: &[TokenStream]) -> Ident {
        let key = key(made, statements);
        if let Some(known) = self.blocks.iter_mut().find(|known| known.block == call.block && known.key == key) {
            known.instances.push(group);
            return known.name.clone();
        }
        let name = self.types.camel(&call.block);
        self.blocks.push(BlockStruct { block: call.block.clone(), name: name.clone(), key, instances: vec![group] });
        name
    }

    /// The fields and statements of a block; comments only when `instances` says what they are about.
    fn block(&mut self, group: &'a Group, call: &'a Call, instances: Vec<&'a Group>) -> (Struct<'a>, Vec<TokenStream>) {
        let input = group.input;
        let mut made = Struct::new(&group.path, input, Some(call), instances);
        let x = format_ident!("x");
        let mut flow = Flow::new(Value { name: x.clone(), owned: false });
        match call.body.as_ref() {
            Content::Concat(branches) => {
                let joined = self.concat(&mut made, group, branches, &mut flow);
                let shape = self.shape_comment(&made, group.output);
                flow.statements.extend(shape.map(|shape| comment(&shape)));
                flow.statements.push(quote!(probe.output(#joined)));
            }
            Content::Sequence(children) => {
                self.sequence(&mut made, children, &x, &mut flow);
                let statements = flow.ending();
                return (made, statements);
            }
            // Lowering makes no other bodies.
            Content::Layer(_) | Content::Add(_) | Content::Repeat(_) | Content::Call(_) => {}
        }
        (made, flow.statements)
    }

    fn code(
        &self,
        block: &BlockStruct<'a>,
        call: &Call,
        made: &Struct<'a>,
        statements: &[TokenStream],
    ) -> [TokenStream; 2] {
        let name = &block.name;
        let documentation = self.documentation(block, call);
        let fields = made.fields.iter().map(|field| {
            let (name, ty) = (&field.name, &field.ty);
            quote!(#name: #ty)
        });
        let inits = made.fields.iter().map(|field| {
            let (name, init) = (&field.name, &field.init);
            quote!(#name: #init)
        });
        let parameters = new_parameters(call, made);
        // clippy's limit is seven; a table's columns are what they are.
        let many = (parameters.len() > 7)
            .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "one for each column of the table")]));
        let train = made.uses_train.then(|| quote!(train: bool,));
        [
            quote! {
                #(#[doc = #documentation])*
                #[derive(Debug)]
                struct #name { #(#fields),* }
            },
            quote! {
                impl #name {
                    #many
                    fn new(#(#parameters),*) -> Self { Self { #(#inits),* } }

                    fn forward(&self, x: &Tensor, #train probe: &Probe<'_>) -> Tensor { #(#statements)* }
                }
            },
        ]
    }

    /// The block in the spec's own words, and the shapes of its calls.
    fn documentation(&self, block: &BlockStruct<'a>, call: &Call) -> Vec<String> {
        let mut lines = vec![format!(" Block `{}`:", block.block), " ".into()];
        let joined = matches!(call.body.as_ref(), Content::Concat(_));
        for child in call.body.children() {
            let words: Vec<String> =
                leaves(child).into_iter().map(|leaf| format!("`{}`", self.words(leaf.span))).collect();
            let name = if joined { format!("{}: ", child.name) } else { String::new() };
            lines.push(format!(" - {name}{}", words.join(", ")));
        }
        lines.push(" ".into());
        lines.push(if joined {
            " The branches are joined along the channels. Made for".into()
        } else {
            " Made for".into()
        });
        for instance in &block.instances {
            let input = self.checked.shape(instance.input);
            let output = self.checked.shape(instance.output);
            lines.push(format!(" - `{}`: {input} -> {output}", instance.path));
        }
        lines
    }
}

impl BlockStruct<'_> {
    fn without_instances(&self) -> Self {
        Self { block: self.block.clone(), name: self.name.clone(), key: self.key.clone(), instances: Vec::new() }
    }
}

/// The expressions in a group, in order.
fn leaves(group: &Group) -> Vec<&Group> {
    match &group.content {
        Content::Layer(_) | Content::Call(_) => vec![group],
        Content::Sequence(children)
        | Content::Concat(children)
        | Content::Add(children)
        | Content::Repeat(children) => children.iter().flat_map(leaves).collect(),
    }
}

/// What two calls must share to share a struct.
fn key(made: &Struct<'_>, statements: &[TokenStream]) -> String {
    let fields: Vec<String> =
        made.fields.iter().map(|field| format!("{}: {} = {};", field.name, field.ty, field.init)).collect();
    let statements: Vec<String> = statements.iter().map(TokenStream::to_string).collect();
    format!("{} | {} | {:?}", fields.join(" "), statements.join(" "), made.parameters)
}

fn new_parameters(call: &Call, made: &Struct<'_>) -> Vec<TokenStream> {
    let mut parameters = Vec::new();
    if !made.fields.is_empty() {
        parameters.push(quote!(p: &Path));
    }
    if made.uses_incoming {
        parameters.push(quote!(c_in: i64));
    }
    for argument in &call.arguments {
        if made.parameters.contains(&argument.name) {
            let ident = made.ident(&argument.name);
            parameters.push(quote!(#ident: i64));
        }
    }
    parameters
}

fn argument_as_channels(at: &Struct<'_>, argument: &CallArgument) -> Option<Channels> {
    match &argument.parameter {
        Some(name) if at.is_block => Some(Channels::Parameter(name.clone())),
        _ => argument.value.parse().ok().map(Channels::Known),
    }
}

/// An argument as the caller writes it: one of its own parameters, or a literal.
fn argument_tokens(at: &mut Struct<'_>, argument: &CallArgument) -> TokenStream {
    let written = argument.parameter.as_deref().and_then(|name| at.parameter(name));
    written.unwrap_or_else(|| whole(argument.value.parse().unwrap_or_default()))
}
