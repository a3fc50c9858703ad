//! What is shared while the code of one network is made, and the struct that is being made.

use std::collections::{BTreeMap, BTreeSet};

use googlenetc_dsl::source::{Sources, Span};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::blocks::BlockStruct;
use super::channels::Channels;
use super::convolutions::Style;
use super::idents::Names;
use super::literals::whole;
use crate::CheckedNetwork;
use crate::network::{Call, Group, Operation, Source};
use crate::shape::Shape;

/// Names that the generated code uses for its own ends.
const TYPES: &[&str] = &[
    "Head", "Heads", "Init", "Network", "Option", "Path", "Phase", "Probe", "Self", "Some", "None", "Tensor", "Vec",
    "Debug", "Send", "Sync", "Sized", "Box", "String", "Copy", "Clone", "Drop", "Fn", "Result", "Ok", "Err",
];
/// What the functions of a struct call their own arguments.
const FORWARD_LOCALS: &[&str] = &["x", "train", "probe"];
const NEW_LOCALS: &[&str] = &["p", "c_in"];

/// The state of making one network's code.
pub(super) struct Emitter<'a> {
    pub(super) checked: &'a CheckedNetwork,
    pub(super) sources: &'a Sources,
    pub(super) types: Names,
    pub(super) styles: Vec<(Style, Ident)>,
    pub(super) blocks: Vec<BlockStruct<'a>>,
}

/// A struct while it is being made: the network's or a block's.
pub(super) struct Struct<'a> {
    /// Path of the group that it is made from; empty for the network.
    pub(super) path: String,
    /// What comes in.
    pub(super) input: Source,
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
    pub(super) uses_train: bool,
    /// Channels of the values made so far.
    pub(super) channels: BTreeMap<usize, Channels>,
}

/// A field and how it is made.
pub(super) struct Field {
    pub(super) name: Ident,
    /// The first operation that it stands for.
    pub(super) operation: usize,
    pub(super) ty: TokenStream,
    pub(super) init: TokenStream,
}

impl<'a> Emitter<'a> {
    pub(super) fn new(checked: &'a CheckedNetwork, sources: &'a Sources) -> Self {
        Self { checked, sources, types: Names::reserving(TYPES), styles: Vec::new(), blocks: Vec::new() }
    }

    pub(super) fn operation(&self, index: usize) -> &'a Operation {
        &self.checked.network().operations[index]
    }

    /// The words of the spec at `span`, on one line.
    pub(super) fn words(&self, span: Span) -> String {
        let text = &self.sources.get(span.source).text;
        let words = text.get(span.start..span.end).unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'")
    }
}

impl<'a> Struct<'a> {
    /// `call` is the call that a block's struct is made from; the network's has none.
    pub(super) fn new(path: &str, input: Source, call: Option<&Call>, instances: Vec<&'a Group>) -> Self {
        let mut names = Names::reserving(NEW_LOCALS);
        let arguments = call.into_iter().flat_map(|call| &call.arguments);
        let idents = arguments.map(|argument| (argument.name.clone(), names.snake(&argument.name))).collect();
        Self {
            path: path.into(),
            input,
            is_block: call.is_some(),
            instances,
            fields: Vec::new(),
            names: Names::default(),
            locals: Names::reserving(FORWARD_LOCALS),
            idents,
            parameters: BTreeSet::new(),
            uses_incoming: false,
            uses_train: false,
            channels: BTreeMap::new(),
        }
    }

    /// A path below the struct's own.
    pub(super) fn relative<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(&self.path).map_or(path, |rest| rest.trim_start_matches('.'))
    }

    /// The scope of variables at `path`: `&(p / "branch2" / "0")`.
    pub(super) fn scope(&self, path: &str) -> TokenStream {
        let parts = self.relative(path).split('.');
        quote!(&(p #(/ #parts)*))
    }

    /// Adds a field for a group and returns its name.
    pub(super) fn field(&mut self, group: &Group, ty: TokenStream, init: TokenStream) -> Ident {
        let name = self.names.snake(self.relative(&group.path));
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
        let ident = self.idents.get(name)?;
        self.parameters.insert(name.into());
        Some(quote!(#ident))
    }

    /// What a parameter is called in `new`.
    pub(super) fn ident(&self, name: &str) -> Option<&Ident> {
        self.idents.get(name)
    }

    /// Channels of a value, in terms of the block's parameters.
    pub(super) fn channels(&self, source: Source, shape: Shape) -> Channels {
        if self.is_block && source == self.input {
            return Channels::Incoming;
        }
        match source {
            Source::Operation(index) => self.channels.get(&index).cloned().unwrap_or(Channels::Known(shape.channels())),
            Source::Input | Source::Unknown => Channels::Known(shape.channels()),
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
