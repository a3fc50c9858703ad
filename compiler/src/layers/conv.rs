//! `conv 7x7/2 64`: convolution, norm and activation, as far as they are asked for, in the order that is asked for.

use super::attributes::{ACTIVATION, Attribute, DILATION, Form, Positional, SLOPE, activation};
use super::weights::{BIAS_DECAY, BIAS_INIT, BIAS_LR, CUT, DECAY, FAN, INIT, LR, MEAN, STD, Weights, weights};
use super::{Kind, Step, batchnorm, lrn};
use crate::lower::Arguments;
use crate::ops::{Convolution, Op, Window};

pub(super) const KIND: Kind = Kind {
    keyword: "conv",
    title: "convolution",
    summary: "Convolution, then perhaps a norm, then perhaps an activation.",
    positional: &[KERNEL, Positional { what: "output channels", sample: "64" }],
    attributes: &[
        PAD, DILATION, GROUPS, BIAS, NORM, EPS, MOMENTUM, SIZE, ALPHA, BETA, K, ACTIVATION, SLOPE, ORDER, INIT, STD,
        MEAN, CUT, FAN, BIAS_INIT, LR, DECAY, BIAS_LR, BIAS_DECAY,
    ],
    variables: VARIABLES,
    examples: &[
        "conv 7x7/2 64 bias activation=relu init=caffe-xavier bias_init=0.2",
        "conv 1x7 64 pad=0x3 norm=batch eps=1e-3 activation=relu",
        "conv 3x3/2x1 8 pad=0x1x0x1 dilation=1x2",
        "conv 3x3 64 norm=batch activation=relu order=norm-activation-conv",
    ],
    expand,
};

pub(super) const KERNEL: Positional =
    Positional { what: "kernel `rows x columns`, and after a slash the stride (`1` unless said)", sample: "3x3/2" };
pub(super) const VARIABLES: &str = "`weight`, and `bias` if there is one; beside a batch norm `conv.weight`, `conv.bias`, \
     `bn.weight`, `bn.bias` and the buffers `bn.running_mean`, `bn.running_var`";
pub(super) const PAD: Attribute = Attribute::new(
    "pad",
    Form::Sizes { least: 0, counts: &[1, 2, 4] },
    "half the kernel",
    "rows and columns of zeros around the map: one number, `rows x columns`, or `top x bottom x left x right`",
);
const GROUPS: Attribute = Attribute::new(
    "groups",
    Form::Count(1),
    "`1`",
    "groups of channels that do not see each other; divides the channels that come in and go out",
);
pub(super) const BIAS: Attribute = Attribute::new("bias", Form::Flag, "off", "add a number to each output channel");
pub(super) const NORM: Attribute =
    Attribute::new("norm", Form::Words(&["none", "batch", "lrn"]), "`none`", "the norm: batch, or local response");
pub(super) const EPS: Attribute = batchnorm::EPS.needing("`norm=batch`");
pub(super) const MOMENTUM: Attribute = batchnorm::MOMENTUM.needing("`norm=batch`");
pub(super) const SIZE: Attribute =
    Attribute::new("size", Form::Count(1), "", "how many neighbouring channels are summed").needing("`norm=lrn`");
pub(super) const ALPHA: Attribute = lrn::ALPHA.needing("`norm=lrn`");
pub(super) const BETA: Attribute = lrn::BETA.needing("`norm=lrn`");
pub(super) const K: Attribute = lrn::K.needing("`norm=lrn`");
pub(super) const ORDER: Attribute = Attribute::new(
    "order",
    Form::Words(&[
        "conv-norm-activation",
        "conv-activation-norm",
        "norm-conv-activation",
        "norm-activation-conv",
        "activation-conv-norm",
        "activation-norm-conv",
    ]),
    "`conv-norm-activation`",
    "what comes first; parts that are not there are passed over",
);

#[derive(Clone, Copy)]
enum Part {
    Convolution,
    Norm,
    Activation,
}

const ORDERS: [(&str, [Part; 3]); 6] = [
    ("conv-norm-activation", [Part::Convolution, Part::Norm, Part::Activation]),
    ("conv-activation-norm", [Part::Convolution, Part::Activation, Part::Norm]),
    ("norm-conv-activation", [Part::Norm, Part::Convolution, Part::Activation]),
    ("norm-activation-conv", [Part::Norm, Part::Activation, Part::Convolution]),
    ("activation-conv-norm", [Part::Activation, Part::Convolution, Part::Norm]),
    ("activation-norm-conv", [Part::Activation, Part::Norm, Part::Convolution]),
];

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let geometry = arguments.geometry("its kernel and stride, such as `3x3/2`", Some([1, 1]));
    let channels = arguments.number("channels", "its output channels, such as `64`");
    let groups = arguments.count("groups").unwrap_or(1);
    convolution(arguments, geometry, channels, groups)
}

/// Reads all that a convolution's other attributes say, and puts its operations in order.
pub(super) fn convolution(
    arguments: &mut Arguments<'_>,
    geometry: Option<([u64; 2], [u64; 2])>,
    channels: Option<u64>,
    groups: u64,
) -> Option<Vec<Step>> {
    let dilation = arguments.pair("dilation", ["dilation_height", "dilation_width"]).unwrap_or([1, 1]);
    let padding = arguments.padding();
    let Weights { weight_init, bias_init, weight_rates, bias_rates } = weights(arguments, false);
    let norm = norm(arguments);
    let activation = activation(arguments);
    let order = arguments.choice("order", &ORDERS).unwrap_or(ORDERS[0].1);

    let ((kernel, stride), channels) = (geometry?, channels?);
    let half = |axis: usize| dilation[axis].saturating_mul(kernel[axis] - 1) / 2;
    let padding = padding.unwrap_or([half(0), half(0), half(1), half(1)]);
    let window = Window { kernel, stride, padding, dilation, ceil: false };
    let op =
        Op::Convolution(Convolution { channels, window, groups, weight_init, bias_init, weight_rates, bias_rates });
    // Only a norm with variables of its own needs the two to be told apart.
    let scope = if norm.as_ref().is_some_and(|norm| !norm.scope.is_empty()) { "conv" } else { "" };
    let (mut convolution, mut norm, mut activation) =
        (Some(Step { name: "conv", scope, op }), norm, activation.map(Step::activation));
    let parts = order.into_iter().filter_map(|part| match part {
        Part::Convolution => convolution.take(),
        Part::Norm => norm.take(),
        Part::Activation => activation.take(),
    });
    Some(parts.collect())
}

fn norm(arguments: &mut Arguments<'_>) -> Option<Step> {
    #[derive(Clone, Copy)]
    enum Norm {
        None,
        Batch,
        Local,
    }
    match arguments.choice("norm", &[("none", Norm::None), ("batch", Norm::Batch), ("lrn", Norm::Local)])? {
        Norm::None => None,
        Norm::Batch => Some(Step { name: "bn", scope: "bn", op: batchnorm::op(arguments) }),
        Norm::Local => {
            let size = arguments.required_count("size", "the `size` of its norm, such as `norm=lrn size=5`")?;
            Some(Step::new("lrn", lrn::op(arguments, size)))
        }
    }
}
