//! Numbers of channels as a block sees them: in terms of its parameters.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::literals::whole;

/// A number of channels or features.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Channels {
    /// Always the same.
    Known(u64),
    /// What comes into the block.
    Incoming,
    /// A parameter of the block.
    Parameter(String),
    /// Of a concat.
    Sum(Vec<Channels>),
    /// Of a flattened map: channels times height times width.
    Times(Box<Channels>, u64),
}

impl Channels {
    /// The sum of branches, added up as far as possible.
    pub(super) fn sum(terms: Vec<Self>) -> Self {
        let known: Option<u64> = terms.iter().map(|term| if let Self::Known(n) = term { Some(*n) } else { None }).sum();
        known.map_or(Self::Sum(terms), Self::Known)
    }

    /// The plainest of several that are all the same number.
    pub(super) fn simplest(terms: Vec<Self>) -> Self {
        let rank = |term: &Self| match term {
            Self::Known(_) => 0,
            Self::Incoming => 1,
            Self::Parameter(_) => 2,
            Self::Sum(_) | Self::Times(..) => 3,
        };
        terms.into_iter().min_by_key(rank).unwrap_or(Self::Incoming)
    }

    /// `self` for each of `elements` pixels.
    pub(super) fn times(self, elements: u64) -> Self {
        match self {
            Self::Known(channels) => Self::Known(channels * elements),
            Self::Incoming | Self::Parameter(_) | Self::Sum(_) | Self::Times(..) if elements == 1 => self,
            Self::Incoming | Self::Parameter(_) | Self::Sum(_) | Self::Times(..) => {
                Self::Times(Box::new(self), elements)
            }
        }
    }

    /// The same number as the caller of the block sees it.
    pub(super) fn seen_by_caller(&self, incoming: &Self, arguments: &BTreeMap<String, Self>) -> Self {
        match self {
            Self::Known(channels) => Self::Known(*channels),
            Self::Incoming => incoming.clone(),
            Self::Parameter(name) => arguments.get(name).cloned().unwrap_or_else(|| self.clone()),
            Self::Sum(terms) => Self::sum(terms.iter().map(|term| term.seen_by_caller(incoming, arguments)).collect()),
            Self::Times(channels, elements) => channels.seen_by_caller(incoming, arguments).times(*elements),
        }
    }

    /// The parameters in it, and whether what comes in is in it.
    pub(super) fn mentions(&self, parameters: &mut Vec<String>, incoming: &mut bool) {
        match self {
            Self::Known(_) => {}
            Self::Incoming => *incoming = true,
            Self::Parameter(name) => parameters.push(name.clone()),
            Self::Sum(terms) => terms.iter().for_each(|term| term.mentions(parameters, incoming)),
            Self::Times(channels, _) => channels.mentions(parameters, incoming),
        }
    }

    /// As a Rust expression.
    pub(super) fn tokens(&self, ident: &impl Fn(&str) -> TokenStream) -> TokenStream {
        match self {
            Self::Known(channels) => whole(*channels),
            Self::Incoming => quote!(c_in),
            Self::Parameter(name) => ident(name),
            Self::Sum(terms) => {
                let terms = terms.iter().map(|term| term.tokens(ident));
                quote!(#(#terms)+*)
            }
            Self::Times(channels, elements) => {
                let inner = channels.tokens(ident);
                let elements = whole(*elements);
                if matches!(channels.as_ref(), Self::Sum(_)) {
                    quote!((#inner) * #elements)
                } else {
                    quote!(#inner * #elements)
                }
            }
        }
    }

    /// For comments.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Known(channels) => channels.to_string(),
            Self::Incoming => "c_in".into(),
            Self::Parameter(name) => name.clone(),
            Self::Sum(terms) => format!("({})", terms.iter().map(Self::words).collect::<Vec<_>>().join(" + ")),
            Self::Times(channels, elements) => format!("{} * {elements}", channels.words()),
        }
    }
}
