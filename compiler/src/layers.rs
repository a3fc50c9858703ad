//! The words of the language: one file per layer kind, with its keyword, attributes, defaults and expansion.
//!
//! A kind's documentation is data beside its code: the reference, the schema and the messages are made from it, and the
//! ranges that are said are the ranges that are checked. To add a kind, see `docs/architecture.md`.

mod attributes;
mod avgpool;
mod batchnorm;
mod conv;
mod depthwise;
mod dropout;
pub(crate) mod elsewhere;
mod elu;
mod flatten;
mod gelu;
mod hardswish;
mod identity;
mod leaky_relu;
mod linear;
mod lrn;
mod maxpool;
mod normalize;
mod pool;
mod relu;
mod relu6;
mod reshape;
mod scale;
mod sigmoid;
mod silu;
mod softmax;
mod tanh;
mod weights;

use crate::lower::Arguments;
use crate::ops::{Activation, Op};

pub use attributes::{Attribute, Form, Positional, Range};

/// Every layer kind, in the order in which the reference lists them.
pub const KINDS: [&Kind; 23] = [
    &conv::KIND,
    &depthwise::KIND,
    &linear::KIND,
    &maxpool::KIND,
    &avgpool::KIND,
    &batchnorm::KIND,
    &lrn::KIND,
    &normalize::KIND,
    &relu::KIND,
    &relu6::KIND,
    &leaky_relu::KIND,
    &elu::KIND,
    &gelu::KIND,
    &silu::KIND,
    &hardswish::KIND,
    &sigmoid::KIND,
    &tanh::KIND,
    &softmax::KIND,
    &dropout::KIND,
    &scale::KIND,
    &flatten::KIND,
    &reshape::KIND,
    &identity::KIND,
];

/// A layer kind.
#[non_exhaustive]
pub struct Kind {
    /// The word that specs use.
    pub keyword: &'static str,
    /// What the report's first column calls it.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What stands behind the keyword without a name, in order.
    pub positional: &'static [Positional],
    /// Its attributes and flags.
    pub attributes: &'static [Attribute],
    /// The tensors that it owns, by their names below the layer; empty when it owns none.
    pub variables: &'static str,
    /// Layers of this kind, each as it stands in a spec.
    pub examples: &'static [&'static str],
    /// Reads the attributes and says which operations follow one another. `None` when a message has been reported that
    /// leaves nothing to go on with.
    pub(crate) expand: fn(&mut Arguments<'_>) -> Option<Vec<Step>>,
}

/// One operation of a layer.
pub(crate) struct Step {
    /// Its name below the layer, for observers.
    pub(crate) name: &'static str,
    /// The scope of its variables below the layer; empty for the layer's own.
    pub(crate) scope: &'static str,
    /// What it does.
    pub(crate) op: Op,
}

impl Kind {
    /// Its attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The names of its attributes.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.attributes.iter().map(|attribute| attribute.name).collect()
    }
}

impl Step {
    /// An operation whose variables, if any, are registered at the layer itself.
    fn new(name: &'static str, op: Op) -> Self {
        Self { name, scope: "", op }
    }

    /// A non-linearity.
    fn activation(activation: Activation) -> Self {
        Self::new(activation.name(), Op::Activation(activation))
    }
}

/// The kind of this keyword.
pub(crate) fn find(keyword: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.keyword == keyword)
}
