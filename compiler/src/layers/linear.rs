//! `linear 1024`: fully connected layer, then perhaps an activation.

use super::attributes::{ACTIVATION, Attribute, Form, Positional, SLOPE, activation};
use super::weights::{BIAS_DECAY, BIAS_INIT, BIAS_LR, CUT, DECAY, FAN, INIT, LR, MEAN, STD, Weights, weights};
use super::{Kind, Step};
use crate::lower::Arguments;
use crate::ops::{Linear, Op};

pub(super) const KIND: Kind = Kind {
    keyword: "linear",
    title: "linear",
    summary: "Fully connected layer on a vector, then perhaps an activation.",
    positional: &[Positional { what: "output features", sample: "1000" }],
    attributes: &[BIAS, ACTIVATION, SLOPE, INIT, STD, MEAN, CUT, FAN, BIAS_INIT, LR, DECAY, BIAS_LR, BIAS_DECAY],
    variables: "`weight`, and `bias` if there is one",
    examples: &["linear 1000", "linear 1024 activation=relu init=normal std=0.01 bias_lr=2 bias_decay=0"],
    expand,
};

const BIAS: Attribute = Attribute::new("bias", Form::Flag, "on", "add a number to each output");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let features = arguments.number("features", "its output features, such as `1000`");
    let Weights { weight_init, bias_init, weight_rates, bias_rates } = weights(arguments, true);
    let activation = activation(arguments);
    let linear = Op::Linear(Linear { features: features?, weight_init, bias_init, weight_rates, bias_rates });
    Some([Some(Step::new("linear", linear)), activation.map(Step::activation)].into_iter().flatten().collect())
}
