//! A struct while it is being made, the network's or a block's: its fields, its names, and what its code uses.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::channels::Channels;
use super::idents::Names;
use super::literals::whole;
use crate::network::{Call, Group, Operation, Source};
use crate::shape::Shape;

/// What the functions of a struct call their own arguments.
const FORWARD_LOCALS: &[&str] = &["x", "mode", "probe"];
const NEW_LOCALS: &[&str] = &["p", "c_in", "i"];

/// A struct while it is being made: the network's or a block's.
pub(super) struct Struct<'a> {
    /// Path of the group that it is made from; empty for the network.
    pub(super) path: String,
    /// Scope of that group's variables.
    scope: String,
    /// What comes in.
    input: Source,
    pub(super) is_block: bool,
    /// All groups that the struct stands for, for comments; empty while the code is only compared.
    pub(super) instances: Vec<&'a Group>,
    pub(super) fields: Vec<Field>,
    pub(super) names: Names,
    pub(super) locals: Names,
    /// What the block's parameters are called in `new`.
    idents: BTreeMap<String, Ident>,
    /// Parameters that the code uses, all of them counts.
    pub(super) parameters: BTreeSet<String>,
    pub(super) uses_incoming: bool,
    pub(super) uses_mode: bool,
    /// Channels of the values made so far.
    channels: BTreeMap<usize, Channels>,
    /// Variables that are kept for heads, by the operations whose values they are.
    kept: BTreeMap<usize, Ident>,
}

/// A field and how it is made.
pub(super) struct Field {
    pub(super) name: Ident,
    /// The first operation that it stands for.
    pub(super) operation: usize,
    pub(super) ty: TokenStream,
    pub(super) init: TokenStream,
}

impl<'a> Struct<'a> {
    /// The network's own.
    pub(super) fn of_network(instances: Vec<&'a Group>) -> Self {
        Self::new("", "", Source::Input, None, instances)
    }

    /// That of a block, made from one of its calls.
    pub(super) fn of_block(group: &Group, call: &Call, instances: Vec<&'a Group>) -> Self {
        Self::new(&group.path, &group.scope, group.input, Some(call), instances)
    }

    fn new(path: &str, scope: &str, input: Source, call: Option<&Call>, instances: Vec<&'a Group>) -> Self {
        let mut names = Names::reserving(NEW_LOCALS);
        let arguments = call.into_iter().flat_map(|call| &call.arguments);
        let idents = arguments.map(|argument| (argument.name.clone(), names.snake(&argument.name))).collect();
        Self {
            path: path.into(),
            scope: scope.into(),
            input,
            is_block: call.is_some(),
            instances,
            fields: Vec::new(),
            names: Names::default(),
            locals: Names::reserving(FORWARD_LOCALS),
            idents,
            parameters: BTreeSet::new(),
            uses_incoming: false,
            uses_mode: false,
            channels: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// A path below the struct's own.
    pub(super) fn relative<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(&self.path).map_or(path, |rest| rest.trim_start_matches('.'))
    }

    /// A scope of variables below the struct's own.
    fn below<'s>(&self, scope: &'s str) -> &'s str {
        scope.strip_prefix(&self.scope).unwrap_or(scope).trim_start_matches('.')
    }

    /// The scope of variables: `&(p / "branch2" / "0")`.
    pub(super) fn scope(&self, scope: &str) -> TokenStream {
        let below = self.below(scope);
        if below.is_empty() {
            return quote!(p);
        }
        let parts = below.split('.');
        quote!(&(p #(/ #parts)*))
    }

    /// The scope of copy `i` of what is repeated in `scope`: `&(p / "stage" / i)`.
    pub(super) fn scope_of_copies(&self, scope: &str) -> TokenStream {
        let parts = self.below(scope).split('.').filter(|part| !part.is_empty());
        quote!(&(p #(/ #parts)* / i))
    }

    /// The value of an expression, shown to observers as the output at `path`.
    pub(super) fn seen(&self, path: &str, expression: &TokenStream) -> TokenStream {
        match self.relative(path) {
            "" => quote!(probe.output(#expression)),
            below => quote!(probe.see(#below, #expression)),
        }
    }

    /// The probe for what is inside `path`.
    pub(super) fn entered(&self, path: &str) -> TokenStream {
        match self.relative(path) {
            "" => quote!(probe),
            below => quote!(&probe.enter(#below)),
        }
    }

    /// Notes the variable in which a value is kept.
    pub(super) fn keep(&mut self, value: Source, name: &Ident) {
        if let Source::Operation(index) = value {
            self.kept.insert(index, name.clone());
        }
    }

    /// The variable in which a value has been kept.
    pub(super) fn kept(&self, value: Source) -> Option<&Ident> {
        match value {
            Source::Operation(index) => self.kept.get(&index),
            Source::Input | Source::Unknown => None,
        }
    }

    /// What a group is called here: as its variables are, or by its path where their scope is the struct's own.
    pub(super) fn name<'g>(&self, group: &'g Group) -> &'g str {
        let scope = self.below(&group.scope);
        if scope.is_empty() { self.relative(&group.path) } else { scope }
    }

    /// Adds a field for a group and returns its name.
    pub(super) fn field(&mut self, group: &Group, ty: TokenStream, init: TokenStream) -> Ident {
        let name = self.names.snake(self.name(group));
        self.fields.push(Field { name: name.clone(), operation: group.operations.start, ty, init });
        name
    }

    /// The value of an attribute: the parameter that it was written as, or the number.
    pub(super) fn whole(&mut self, operation: &Operation, slot: &str, value: u64) -> TokenStream {
        let written = operation.slot(slot).and_then(|slot| slot.parameter.as_deref());
        written.and_then(|name| self.parameter(name)).unwrap_or_else(|| whole(value))
    }

    /// A parameter in `new`, noting that it is used; `None` where there is no such parameter, as in the network's struct.
    pub(super) fn parameter(&mut self, name: &str) -> Option<TokenStream> {
        if name == "in" && self.is_block {
            self.uses_incoming = true;
            return Some(quote!(c_in));
        }
        let ident = self.idents.get(name)?;
        self.parameters.insert(name.into());
        Some(quote!(#ident))
    }

    /// What a parameter is called in `new`.
    pub(super) fn ident(&self, name: &str) -> Option<&Ident> {
        self.idents.get(name)
    }

    /// Channels of a value, in terms of the block's parameters; in the network's struct they are known.
    pub(super) fn channels(&self, source: Source, shape: Shape) -> Channels {
        let known = Channels::Known(shape.channels());
        match source {
            _ if !self.is_block => known,
            _ if source == self.input => Channels::Incoming,
            Source::Operation(index) => self.channels.get(&index).cloned().unwrap_or(known),
            Source::Input | Source::Unknown => known,
        }
    }

    /// Notes the channels of a value that has just been made.
    pub(super) fn remember(&mut self, source: Source, channels: Channels) {
        if let Source::Operation(index) = source {
            self.channels.insert(index, channels);
        }
    }

    /// Channels as an expression; notes what it uses.
    pub(super) fn channels_tokens(&mut self, channels: &Channels) -> TokenStream {
        let mut parameters = Vec::new();
        channels.mentions(&mut parameters, &mut self.uses_incoming);
        for name in parameters {
            self.parameters.insert(name);
        }
        channels.tokens(&|name| {
            let ident = self.ident(name);
            quote!(#ident)
        })
    }
}
