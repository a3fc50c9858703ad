//! The network's own struct, its outputs, and what it tells the runtime.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::emitter::Emitter;
use super::expressions::Value;
use super::forward::Flow;
use super::layout::trailing;
use super::lints;
use super::literals::{array, fraction, whole};
use super::spec;
use super::statements::{Statement, tokens};
use super::structs::Struct;
use crate::network::{Head, Phase, Source};

impl<'a> Emitter<'a> {
    /// The items of the network itself; `hash` is the spec's, and `texts` are what it is made of.
    pub(super) fn network(&mut self, hash: &str, texts: &[(String, String)]) -> Vec<TokenStream> {
        let network = self.checked.network();
        let name = self.types.camel(&network.name.value);
        let output = self.types.camel(&format!("{name}Output"));
        let mut made = Struct::of_network(network.trunk.first().into_iter().collect());
        let mut heads: Vec<(Ident, &Head)> = Vec::new();
        let statements = self.statements(&mut made, &mut heads);
        // In the order of the outputs.
        let heads: Vec<(Ident, &Head)> = network
            .outputs
            .iter()
            .filter_map(|index| {
                let wanted = &network.heads[*index];
                heads.iter().find(|(_, head)| std::ptr::eq(*head, wanted)).map(|(name, head)| (name.clone(), *head))
            })
            .collect();
        self.declare(&mut made);
        let mut items = self.structs(&name, &output, &made, &heads);
        let spec = [quote!(const SPEC_HASH: &'static str = #hash;), spec::constant(texts)];
        items.push(self.implementation(&name, &output, &made, &heads, &statements, &spec));
        items
    }

    /// The body of `forward`; heads come right after the item of the trunk that they hang off, or whose part they do.
    fn statements(&mut self, made: &mut Struct<'a>, heads: &mut Vec<(Ident, &'a Head)>) -> Vec<TokenStream> {
        let network = self.checked.network();
        let x = format_ident!("x");
        let mut flow = Flow::new(Value { name: x.clone(), owned: false });
        let input = self.input(made, &mut flow);
        for (index, group) in network.trunk.iter().enumerate() {
            self.group(made, group, &x, &mut flow);
            for head in network.heads.iter().filter(|head| head.after == index) {
                let start = match made.kept(head.source) {
                    Some(kept) => Value { name: kept.clone(), owned: true },
                    None if head.source == group.output => flow.value.clone(),
                    None => input.clone(),
                };
                let name = made.locals.snake(&head.name.value);
                self.head(made, head, &name, start, &mut flow);
                heads.push((name, head));
            }
        }
        tokens(&flow.statements)
    }

    /// The network's input, under a name that stays where a head reads it later.
    fn input(&self, made: &mut Struct<'a>, flow: &mut Flow) -> Value {
        let network = self.checked.network();
        let is_read = |head: &Head| {
            head.source == Source::Input && network.trunk.get(head.after).is_some_and(|item| item.output != head.source)
        };
        if !network.heads.iter().any(is_read) {
            return flow.value.clone();
        }
        let (name, x) = (made.locals.snake("input"), &flow.value.name);
        flow.statements.push(Statement::Bind { name: name.clone(), expression: quote!(#x), behind: None });
        Value { name, owned: false }
    }

    /// Emits a head that reads the value `start`.
    fn head(&mut self, made: &mut Struct<'a>, head: &'a Head, name: &Ident, start: Value, flow: &mut Flow) {
        match head.phase {
            Phase::Always => {
                let trunk = std::mem::replace(&mut flow.value, start);
                self.group(made, &head.layers, name, flow);
                flow.call_it(name);
                flow.value = trunk;
            }
            Phase::Training => {
                let mut inner = Flow::new(start);
                self.group(made, &head.layers, name, &mut inner);
                inner.call_it(name);
                flow.statements.push(in_training(name, inner));
                made.uses_mode = true;
            }
        }
    }

    fn structs(&self, name: &Ident, output: &Ident, made: &Struct<'a>, heads: &[(Ident, &Head)]) -> Vec<TokenStream> {
        let documentation = self.network_documentation();
        let of_struct = lints::of_struct(&name.to_string(), made);
        let fields = made.fields.iter().map(|field| {
            let (name, ty) = (&field.name, &field.ty);
            quote!(#name: #ty)
        });
        let outputs = heads.iter().map(|(field, head)| {
            let shape = self.checked.shape(head.layers.output);
            let (documentation, ty) = match head.phase {
                Phase::Always => (format!(" Logits of `{}`: batch x {shape}.", head.name.value), quote!(Tensor)),
                Phase::Training => (
                    format!(" Logits of `{}` while training: batch x {shape}.", head.name.value),
                    quote!(Option<Tensor>),
                ),
            };
            quote!(#[doc = #documentation] pub #field: #ty)
        });
        let logits = heads.iter().map(|(field, head)| match head.phase {
            Phase::Always => quote!(Some(&self.#field)),
            Phase::Training => quote!(self.#field.as_ref()),
        });
        let output_documentation = format!(" What [`{name}`] computes.");
        vec![
            quote! {
                #(#[doc = #documentation])*
                #of_struct
                #[derive(Debug)]
                pub struct #name { #(#fields),* }
            },
            quote! {
                #[doc = #output_documentation]
                #[derive(Debug)]
                pub struct #output { #(#outputs),* }
            },
            quote! {
                impl Heads for #output {
                    fn logits(&self) -> Vec<Option<&Tensor>> { Vec::from([#(#logits),*]) }
                }
            },
        ]
    }

    fn implementation(
        &self,
        name: &Ident,
        output: &Ident,
        made: &Struct<'a>,
        heads: &[(Ident, &Head)],
        statements: &[TokenStream],
        [hash, texts]: &[TokenStream; 2],
    ) -> TokenStream {
        let network = self.checked.network();
        let title = &network.name.value;
        let input = array(&network.input.value);
        let classes = whole(heads.first().map_or(0, |(_, head)| self.checked.shape(head.layers.output).channels()));
        let descriptions = heads.iter().map(|(_, head)| {
            let (name, weight) = (&head.name.value, fraction(head.weight));
            let phase = match head.phase {
                Phase::Always => quote!(Phase::Always),
                Phase::Training => quote!(Phase::Training),
            };
            quote!(Head { name: #name, weight: #weight, phase: #phase })
        });
        let inits = made.fields.iter().map(|field| {
            let (name, init) = (&field.name, &field.init);
            quote!(#name: #init)
        });
        let (p, mode_name) = (
            if made.fields.is_empty() { quote!(_) } else { quote!(p) },
            if made.uses_mode { quote!(mode) } else { quote!(_) },
        );
        let results = heads.iter().map(|(field, _)| field);
        let rates = self.rates.constant();
        let (of_new, of_forward) = (lints::of_new(made), lints::of_forward(made, statements.len()));
        quote! {
            impl Network for #name {
                type Output = #output;
                const NAME: &'static str = #title;
                #hash
                const INPUT: [i64; 3] = #input;
                const CLASSES: i64 = #classes;
                const HEADS: &'static [Head] = &[#(#descriptions),*];
                #rates

                #of_new
                fn new(#p: &Path) -> Self { Self { #(#inits),* } }

                #of_forward
                fn forward(&self, x: &Tensor, #mode_name: Mode, probe: &Probe<'_>) -> #output {
                    #(#statements)*
                    #output { #(#results),* }
                }

                #texts
            }
        }
    }

    /// Puts the fields in the order of their declaration, in which their variables are registered.
    fn declare(&self, made: &mut Struct<'a>) {
        let order: Vec<usize> = self.checked.network().registration_order().collect();
        made.fields.sort_by_key(|field| order.iter().position(|registered| *registered == field.operation));
    }
}

/// A head that runs only while training: `Some` of its logits, or `None`.
fn in_training(name: &Ident, flow: Flow) -> Statement {
    let name = name.clone();
    if let Some((expression, shape)) = flow.single() {
        let behind = shape.as_deref().map(trailing);
        return Statement::Bind { name, expression: quote!(mode.training.then(|| #expression)), behind };
    }
    let mut statements = flow.ending();
    let last = statements.pop();
    let expression = quote!(if mode.training { #(#statements)* Some(#last) } else { None });
    Statement::Bind { name, expression, behind: None }
}
