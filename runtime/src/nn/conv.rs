//! Two-dimensional convolution.

use super::variable;
use super::weights::Weights;
use crate::init::{Fans, Init};
use tch::Tensor;
use tch::nn::Path;

/// What is particular to one convolution; pairs are height, width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvOptions {
    /// The window.
    pub kernel: [i64; 2],
    /// The step of the window.
    pub stride: [i64; 2],
    /// Zeros around the input: top, bottom, left, right.
    pub padding: [i64; 4],
    /// The distance between the window's taps; 1 is a dense window.
    pub dilation: [i64; 2],
    /// How many parts the channels are split into.
    pub groups: i64,
    /// Initial values of the weight.
    pub weight_init: Init,
    /// Initial values of the bias; none for a convolution without bias.
    pub bias_init: Option<Init>,
}

/// A convolution: `weight` `[c_out, c_in / groups, kernel height, kernel width]` and perhaps `bias` `[c_out]`.
#[derive(Debug)]
pub struct Conv2d {
    weights: Weights,
    options: ConvOptions,
}

impl Conv2d {
    /// Registers the variables under `p`.
    pub fn new(p: &Path<'_>, c_in: i64, c_out: i64, options: ConvOptions) -> Self {
        Self::with_rates(p, c_in, c_out, options, [0, 0])
    }

    /// The same, where weight and bias learn at the rates of these places in [`Network::RATES`].
    ///
    /// [`Network::RATES`]: crate::network::Network::RATES
    pub fn with_rates(p: &Path<'_>, c_in: i64, c_out: i64, options: ConvOptions, rates: [usize; 2]) -> Self {
        let shape = [c_out, c_in / options.groups, options.kernel[0], options.kernel[1]];
        let fans = Fans::of_weight(&shape);
        let weight = variable(p, "weight", &shape, options.weight_init, fans, rates[0]);
        let bias = options.bias_init.map(|init| variable(p, "bias", &[c_out], init, fans, rates[1]));
        Self { weights: Weights::new(weight, bias), options }
    }

    /// `[n, c_in, h, w]` to `[n, c_out, h', w']`.
    pub fn forward(&self, x: &Tensor) -> Tensor {
        let ConvOptions { stride, dilation, groups, padding: [top, bottom, left, right], .. } = self.options;
        self.weights.apply(x, |x, weight, bias| {
            if top == bottom && left == right {
                return x.conv2d(weight, bias, stride, [top, left], dilation, groups);
            }
            // conv2d pads both sides alike.
            let padded = x.constant_pad_nd([left, right, top, bottom]);
            padded.conv2d(weight, bias, stride, [0, 0], dilation, groups)
        })
    }
}
