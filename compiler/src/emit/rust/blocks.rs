//! Calls of blocks: one struct per definition, made as often as it is called.
//!
//! A call's code is made in terms of the block's parameters and compared with what is there already. Calls that differ
//! in more than parameters, such as in a padding that follows from a kernel, get a struct of their own, which is always right.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::channels::Channels;
use super::emitter::Emitter;
use super::expressions::Value;
use super::forward::Flow;
use super::lints;
use super::literals::whole;
use super::structs::Struct;
use crate::network::{Call, CallArgument, Content, Group};

/// The struct of a block.
pub(super) struct BlockStruct<'a> {
    block: String,
    name: Ident,
    /// The code without comments, by which calls are compared.
    key: String,
    /// The calls that it stands for.
    instances: Vec<&'a Group>,
}

/// A call as its caller writes it.
pub(super) struct Called {
    /// The block's struct.
    pub(super) ty: Ident,
    /// The arguments of its `new` after the scope of its variables.
    pub(super) arguments: Vec<TokenStream>,
    /// Whether its `forward` wants to know the mode.
    pub(super) uses_mode: bool,
}

impl<'a> Emitter<'a> {
    /// Finds or makes the struct for a call. None for what is better written out in place: a block without variables,
    /// which would be a struct without fields, and one in whose middle a head hangs.
    pub(super) fn called(&mut self, at: &mut Struct<'a>, group: &'a Group, call: &'a Call) -> Option<Called> {
        let has_variables = group.operations.clone().any(|index| !self.checked.variables(index).is_empty());
        if !has_variables || self.has_head_inside(group) {
            return None;
        }
        let (made, statements) = self.block(group, call, Vec::new());
        let ty = self.block_struct(group, call, &made, &statements);

        let incoming = at.channels(group.input, self.checked.shape(group.input));
        let argument_channels: BTreeMap<String, Channels> = call
            .arguments
            .iter()
            .filter_map(|argument| Some((argument.name.clone(), argument_as_channels(at, argument)?)))
            .collect();
        let output = made.channels(group.output, self.checked.shape(group.output));
        at.remember(group.output, output.seen_by_caller(&incoming, &argument_channels));

        let mut arguments = Vec::new();
        if made.uses_incoming {
            arguments.push(at.channels_tokens(&incoming));
        }
        for argument in &call.arguments {
            if made.parameters.contains(&argument.name) {
                arguments.push(argument_tokens(at, argument));
            }
        }
        Some(Called { ty, arguments, uses_mode: made.uses_mode })
    }

    /// Adds a field for a call, and the statement that runs it.
    pub(super) fn call(
        &mut self,
        at: &mut Struct<'a>,
        group: &'a Group,
        called: &Called,
        target: &Ident,
        flow: &mut Flow,
    ) {
        let Called { ty, arguments, uses_mode } = called;
        let scope = at.scope(&group.scope);
        let field = at.field(group, quote!(#ty), quote!(#ty::new(#scope #(, #arguments)*)));
        at.uses_mode |= uses_mode;
        let pass_mode = uses_mode.then(|| quote!(mode,));
        let (x, probe) = (flow.value.reference(), at.entered(&group.path));
        self.bind(at, target, quote!(self.#field.forward(#x, #pass_mode #probe)), group.output, flow);
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
        let mut made = Struct::of_block(group, call, instances);
        let x = format_ident!("x");
        let mut flow = Flow::new(Value { name: x.clone(), owned: false });
        self.content(&mut made, group, &call.body, &x, &mut flow);
        (made, flow.ending())
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
        let take_mode = made.uses_mode.then(|| quote!(mode: Mode,));
        let of_struct = lints::of_struct(&name.to_string(), made);
        let (of_new, of_forward) = (lints::of_new(made), lints::of_forward(made, statements.len()));
        [
            quote! {
                #(#[doc = #documentation])*
                #of_struct
                #[derive(Debug)]
                struct #name { #(#fields),* }
            },
            quote! {
                impl #name {
                    #many
                    #of_new
                    fn new(#(#parameters),*) -> Self { Self { #(#inits),* } }

                    #of_forward
                    fn forward(&self, x: &Tensor, #take_mode probe: &Probe<'_>) -> Tensor { #(#statements)* }
                }
            },
        ]
    }

    /// The block in words, and the shapes of its calls.
    fn documentation(&self, block: &BlockStruct<'a>, call: &Call) -> Vec<String> {
        let mut lines = vec![format!(" Block `{}`:", block.block), " ".into()];
        let joined = match &call.body {
            Content::Concat(_) => " The branches are joined along the channels. Made for",
            Content::Add(_) => " The branches are added. Made for",
            Content::Layer(_) | Content::Sequence(_) | Content::Repeat(_) | Content::Call(_) => " Made for",
        };
        lines.extend(self.picture(call).into_iter().map(|line| format!(" {line}")));
        lines.extend([" ".into(), joined.into()]);
        let mut rest = &block.instances[..];
        while let Some(first) = rest.first() {
            let (input, output) = (self.checked.shape(first.input), self.checked.shape(first.output));
            let alike =
                |next: &Group| (self.checked.shape(next.input), self.checked.shape(next.output)) == (input, output);
            let copies = copies(rest, alike);
            let last = rest.get(copies - 1).filter(|_| copies > 1);
            let last = last.map_or(String::new(), |last| format!(" to `{}`", last.path));
            lines.push(format!(" - `{}`{last}: {input} -> {output}", first.path));
            rest = &rest[copies..];
        }
        lines
    }
}

/// How many of the first groups are copies of one repeat that follow one another, and are `alike`; at least one.
fn copies(groups: &[&Group], alike: impl Fn(&Group) -> bool) -> usize {
    let place = |group: &Group| {
        let (above, number) = group.path.rsplit_once('.')?;
        Some((above.to_owned(), number.parse::<usize>().ok()?))
    };
    let Some((above, number)) = groups.first().and_then(|first| place(first)) else { return 1 };
    let follows =
        |(index, next): &(usize, &&Group)| place(next) == Some((above.clone(), number + index)) && alike(next);
    groups.iter().enumerate().take_while(follows).count().max(1)
}

impl BlockStruct<'_> {
    fn without_instances(&self) -> Self {
        Self { block: self.block.clone(), name: self.name.clone(), key: self.key.clone(), instances: Vec::new() }
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
    let mut parameters = vec![quote!(p: &Path)];
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
    match argument.parameter.as_deref() {
        Some("in") if at.is_block => Some(Channels::Incoming),
        Some(name) if at.is_block => Some(Channels::Parameter(name.into())),
        _ => argument.value.parse().ok().map(Channels::Known),
    }
}

/// An argument as the caller writes it: one of its own parameters, or a literal.
fn argument_tokens(at: &mut Struct<'_>, argument: &CallArgument) -> TokenStream {
    let written = argument.parameter.as_deref().and_then(|name| at.parameter(name));
    written.unwrap_or_else(|| whole(argument.value.parse().unwrap_or_default()))
}
