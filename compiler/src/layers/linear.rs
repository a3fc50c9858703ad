//! `linear 1024`: fully connected layer, then perhaps an activation.
//!
//! Attributes: output features, `bias` (on unless `bias=false`), `activation=none|relu`, `init` and `bias_init`.

use super::{Kind, Step, activation, inits};
use crate::lower::Arguments;
use crate::ops::{Linear, Op};

pub(super) const KIND: Kind =
    Kind { keyword: "linear", title: "linear", attributes: &["bias", "activation", "init", "bias_init"], expand };

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let features = arguments.number("features", "its output features, such as `1000`");
    let bias = arguments.flag("bias", true);
    let activation = activation(arguments);
    let (weight_init, bias_init) = inits(arguments, bias);
    let linear = Op::Linear(Linear { features: features?, weight_init, bias_init });
    Some([Some(Step::new("linear", linear)), activation].into_iter().flatten().collect())
}
