//! The attributes of layers with weights: whether there is a bias, how both start, and how they train.

use super::attributes::{Attribute, Form, Range};
use crate::init::{Fan, Init};
use crate::lower::Arguments;
use crate::ops::Rates;

pub(super) const INIT: Attribute = Attribute::new(
    "init",
    Form::WordsOrNumber(&[
        "pytorch",
        "caffe-xavier",
        "glorot-uniform",
        "glorot-normal",
        "he-normal",
        "he-uniform",
        "normal",
        "truncated-normal",
    ]),
    "`pytorch`",
    "how the weight starts; a number is a constant",
);
pub(super) const STD: Attribute =
    Attribute::new("std", Form::Number(Range::Positive), "", "standard deviation, before any cut")
        .needing("`init=normal` or `init=truncated-normal`");
pub(super) const MEAN: Attribute = Attribute::new("mean", Form::Number(Range::Any), "`0`", "mean, before any cut")
    .needing("`init=normal` or `init=truncated-normal`");
pub(super) const CUT: Attribute =
    Attribute::new("cut", Form::Number(Range::Positive), "`2`", "the largest absolute value that is drawn")
        .needing("`init=truncated-normal`");
pub(super) const FAN: Attribute = Attribute::new(
    "fan",
    Form::Words(&["in", "out"]),
    "`out`",
    "whether the connections that come in or that go out are counted",
)
.needing("`init=he-normal` or `init=he-uniform`");
pub(super) const BIAS_INIT: Attribute = Attribute::new(
    "bias_init",
    Form::WordsOrNumber(&["pytorch", "caffe-xavier", "glorot-uniform", "glorot-normal", "he-normal", "he-uniform"]),
    "`pytorch` beside such a weight, else `0`",
    "how the bias starts, with the weight's fans; a number is a constant",
)
.needing("a bias");
pub(super) const LR: Attribute =
    Attribute::new("lr", Form::Number(Range::NotNegative), "`1`", "factor of the learning rate for the weight");
pub(super) const DECAY: Attribute =
    Attribute::new("decay", Form::Number(Range::NotNegative), "`1`", "factor of the weight decay for the weight");
pub(super) const BIAS_LR: Attribute =
    Attribute::new("bias_lr", Form::Number(Range::NotNegative), "`1`", "factor of the learning rate for the bias")
        .needing("a bias");
pub(super) const BIAS_DECAY: Attribute =
    Attribute::new("bias_decay", Form::Number(Range::NotNegative), "`1`", "factor of the weight decay for the bias")
        .needing("a bias");

/// How a layer's weight and bias start and train.
pub(super) struct Weights {
    pub(super) weight_init: Init,
    pub(super) bias_init: Option<Init>,
    pub(super) weight_rates: Rates,
    pub(super) bias_rates: Rates,
}

/// Reads the flag `bias` and all attributes above. A bias starts by PyTorch's rule beside such a weight, and at 0 otherwise.
pub(super) fn weights(arguments: &mut Arguments<'_>, bias_by_default: bool) -> Weights {
    let weight_init = arguments.init("init", &Init::WORDS).and_then(|init| numbers(arguments, init));
    let weight_init = weight_init.unwrap_or(Init::PyTorch);
    let weight_rates = rates(arguments, "lr", "decay");
    if !arguments.flag("bias", bias_by_default) {
        return Weights { weight_init, bias_init: None, weight_rates, bias_rates: Rates::default() };
    }
    let usual = if weight_init == Init::PyTorch { Init::PyTorch } else { Init::Constant(0.0) };
    let bias_init = arguments.init("bias_init", Init::without_numbers()).unwrap_or(usual);
    Weights {
        weight_init,
        bias_init: Some(bias_init),
        weight_rates,
        bias_rates: rates(arguments, "bias_lr", "bias_decay"),
    }
}

/// The scheme with the numbers that belong to it.
fn numbers(arguments: &mut Arguments<'_>, init: Init) -> Option<Init> {
    const FANS: [(&str, Fan); 2] = [("in", Fan::In), ("out", Fan::Out)];
    Some(match init {
        Init::HeNormal(fan) => Init::HeNormal(arguments.choice("fan", &FANS).unwrap_or(fan)),
        Init::HeUniform(fan) => Init::HeUniform(arguments.choice("fan", &FANS).unwrap_or(fan)),
        Init::Normal { mean, .. } => {
            let mean = arguments.float("mean").unwrap_or(mean);
            Init::Normal { mean, std: arguments.required_float("std", "its `std`, such as `init=normal std=0.01`")? }
        }
        Init::TruncatedNormal { mean, cut, .. } => {
            let mean = arguments.float("mean").unwrap_or(mean);
            let cut = arguments.float("cut").unwrap_or(cut);
            let std = arguments.required_float("std", "its `std`, such as `init=truncated-normal std=0.01`")?;
            if mean.abs() > cut {
                let message = format!("the mean {mean} lies outside of what is kept, {} to {cut}", -cut);
                arguments.out_of_range("mean", message, "must lie within the cut");
            }
            Init::TruncatedNormal { mean, std, cut }
        }
        Init::PyTorch | Init::CaffeXavier | Init::GlorotUniform | Init::GlorotNormal | Init::Constant(_) => init,
    })
}

fn rates(arguments: &mut Arguments<'_>, lr: &'static str, decay: &'static str) -> Rates {
    let usual = Rates::default();
    Rates { lr: arguments.float(lr).unwrap_or(usual.lr), decay: arguments.float(decay).unwrap_or(usual.decay) }
}
