//! The words of the language: one file per layer kind, with its keyword, attributes, defaults and expansion.
//!
//! To add a kind, write its file, name it in the two lists below, and give it a spec in `tests/`.

mod avgpool;
mod conv;
mod dropout;
mod flatten;
mod linear;
mod lrn;
mod maxpool;
mod relu;

use crate::init::Init;
use crate::lower::Arguments;
use crate::ops::{Activation, Op};

/// Every layer kind.
pub(crate) const KINDS: [&Kind; 8] = [
    &conv::KIND,
    &maxpool::KIND,
    &avgpool::KIND,
    &lrn::KIND,
    &relu::KIND,
    &dropout::KIND,
    &flatten::KIND,
    &linear::KIND,
];

/// A layer kind.
pub(crate) struct Kind {
    /// The word that specs use.
    pub(crate) keyword: &'static str,
    /// What the report's first column calls it.
    pub(crate) title: &'static str,
    /// The names of its attributes and flags.
    pub(crate) attributes: &'static [&'static str],
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

impl Step {
    /// An operation whose variables, if any, are registered at the layer itself.
    fn new(name: &'static str, op: Op) -> Self {
        Self { name, scope: "", op }
    }
}

/// The kind of this keyword.
pub(crate) fn find(keyword: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.keyword == keyword)
}

/// The attribute `activation`, which several kinds have.
fn activation(arguments: &mut Arguments<'_>) -> Option<Step> {
    let activation = arguments.choice("activation", &[("none", None), ("relu", Some(Activation::Relu))])??;
    Some(Step::new(activation.name(), Op::Activation(activation)))
}

/// The attributes `init` and `bias_init`. A bias starts by PyTorch's rule beside such a weight, and at 0 otherwise.
fn inits(arguments: &mut Arguments<'_>, has_bias: bool) -> (Init, Option<Init>) {
    let weight = arguments.init("init").unwrap_or(Init::PyTorch);
    let usual = if weight == Init::PyTorch { Init::PyTorch } else { Init::Constant(0.0) };
    let bias = arguments.init("bias_init").unwrap_or(usual);
    (weight, has_bias.then_some(bias))
}
