//! `conv 7x7/2 64`: convolution, then perhaps a norm, then perhaps an activation.
//!
//! Attributes: kernel and stride, output channels; `pad` (half the kernel unless said; one number, `rows x columns`, or
//! `top x bottom x left x right`), `dilation`, `groups`, `bias`, `norm=none|batch` with `eps` and `momentum`,
//! `activation=none|relu`, `init` and `bias_init`. Without a norm its variables are `weight` and `bias`; with one they are
//! `conv.weight`, `bn.weight` and so on.

use super::{Kind, Step, activation, inits};
use crate::lower::{Arguments, Range};
use crate::ops::{BatchNorm, Convolution, LARGEST_SIZE, Op, Window};

pub(super) const KIND: Kind = Kind {
    keyword: "conv",
    title: "convolution",
    attributes: &["pad", "dilation", "groups", "bias", "norm", "eps", "momentum", "activation", "init", "bias_init"],
    expand,
};

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let geometry = arguments.geometry(true);
    let channels = arguments.number("channels", "its output channels, such as `64`");
    let dilation =
        arguments.pair("dilation", ["dilation_height", "dilation_width"], 1..=LARGEST_SIZE).unwrap_or([1, 1]);
    let padding = arguments.padding();
    let groups = arguments.size("groups", 1..=LARGEST_SIZE).unwrap_or(1);
    let bias = arguments.flag("bias", false);
    let norm = norm(arguments);
    let activation = activation(arguments);
    let (weight_init, bias_init) = inits(arguments, bias);

    let ((kernel, stride), channels) = (geometry?, channels?);
    let half = |axis: usize| dilation[axis].saturating_mul(kernel[axis] - 1) / 2;
    let padding = padding.unwrap_or([half(0), half(0), half(1), half(1)]);
    let window = Window { kernel, stride, padding, dilation, ceil: false };
    let convolution = Op::Convolution(Convolution { channels, window, groups, weight_init, bias_init });
    let scope = if norm.is_some() { "conv" } else { "" };
    let mut steps = vec![Step { name: "conv", scope, op: convolution }];
    steps.extend(norm.map(|norm| Step { name: "bn", scope: "bn", op: Op::BatchNorm(norm) }));
    steps.extend(activation);
    Some(steps)
}

fn norm(arguments: &mut Arguments<'_>) -> Option<BatchNorm> {
    let batch = arguments.choice("norm", &[("none", false), ("batch", true)]).unwrap_or(false);
    let eps = arguments.float("eps", Range::Positive).unwrap_or(1e-5);
    let momentum = arguments.float("momentum", Range::Fraction).unwrap_or(0.1);
    batch.then_some(BatchNorm { eps, momentum })
}
