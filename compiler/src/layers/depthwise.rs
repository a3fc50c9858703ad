//! `depthwise 3x3`: a convolution of each channel by itself.

use super::attributes::{ACTIVATION, Attribute, DILATION, Form, SLOPE};
use super::conv::{ALPHA, BETA, BIAS, EPS, K, KERNEL, MOMENTUM, NORM, ORDER, PAD, SIZE, VARIABLES, convolution};
use super::weights::{BIAS_DECAY, BIAS_INIT, BIAS_LR, CUT, DECAY, FAN, INIT, LR, MEAN, STD};
use super::{Kind, Step};
use crate::lower::Arguments;

pub(super) const KIND: Kind = Kind {
    keyword: "depthwise",
    title: "depthwise convolution",
    summary: "Convolution of each channel by itself, then perhaps a norm, then perhaps an activation.",
    positional: &[KERNEL],
    attributes: &[
        MULTIPLIER, PAD, DILATION, BIAS, NORM, EPS, MOMENTUM, SIZE, ALPHA, BETA, K, ACTIVATION, SLOPE, ORDER, INIT,
        STD, MEAN, CUT, FAN, BIAS_INIT, LR, DECAY, BIAS_LR, BIAS_DECAY,
    ],
    variables: VARIABLES,
    examples: &["depthwise 3x3 norm=batch activation=relu6", "depthwise 7x7/2 multiplier=8"],
    expand,
};

const MULTIPLIER: Attribute =
    Attribute::new("multiplier", Form::Count(1), "`1`", "output channels for each channel that comes in");

fn expand(arguments: &mut Arguments<'_>) -> Option<Vec<Step>> {
    let geometry = arguments.geometry("its kernel and stride, such as `3x3/2`", Some([1, 1]));
    let multiplier = arguments.count("multiplier").unwrap_or(1);
    // What is not known has been reported where it went wrong. More than can be counted is reported as any large layer is.
    let incoming = arguments.incoming();
    let channels = incoming.map(|channels| channels.saturating_mul(multiplier));
    convolution(arguments, geometry, channels, incoming.unwrap_or(1))
}
