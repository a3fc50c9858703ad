//! Between which bounds the values of an operation's output provably lie, whatever the weights and the input are.
//!
//! This is interval arithmetic. What has weights can deliver anything, and so can the network's input.

use crate::network::{Network, Source};
use crate::ops::{Activation, Op};

/// Bounds, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    /// The lower one.
    pub(crate) low: f64,
    /// The upper one.
    pub(crate) high: f64,
}

/// The bounds of every operation's output.
pub(crate) fn ranges(network: &Network) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::with_capacity(network.operations.len());
    for operation in &network.operations {
        let inputs = operation.inputs.iter().map(|source| of(*source, &ranges));
        let joined = inputs.reduce(if matches!(operation.op, Op::Add(_)) { Range::plus } else { Range::hull });
        let range = joined.map(|input| through(&operation.op, input));
        ranges.push(range.unwrap_or(Range::ANY));
    }
    ranges
}

/// The bounds of any value, given those of the operations.
pub(crate) fn of(source: Source, ranges: &[Range]) -> Range {
    match source {
        Source::Operation(index) => ranges.get(index).copied().unwrap_or(Range::ANY),
        Source::Input | Source::Unknown => Range::ANY,
    }
}

/// What becomes of values between such bounds; those of an add have been added, and those of a concat put together.
fn through(op: &Op, input: Range) -> Range {
    match op {
        Op::Convolution(_) | Op::Linear(_) | Op::BatchNorm(_) => Range::ANY,
        // Padding never wins a maximum, unless the taps of a window lie so far apart that they meet nothing else.
        Op::MaxPool(pool) if pool.window.dilation != [1, 1] && pool.window.padding != [0; 4] => Range::ANY,
        Op::MaxPool(_) | Op::AdaptivePool(_) | Op::Flatten(_) | Op::Reshape(_) | Op::Concat(_) | Op::Add(_) => input,
        // The zeros of the padding may take part in the mean.
        Op::AvgPool(pool) => {
            if pool.count_include_pad {
                input.hull(Range::ZERO)
            } else {
                input
            }
        }
        // Each value is divided by something positive, which may be less than 1.
        Op::LocalResponseNorm(norm) if norm.alpha < 0.0 || norm.k <= 0.0 => Range::ANY,
        Op::LocalResponseNorm(_) => {
            let bound = |bound: f64| if bound == 0.0 { 0.0 } else { bound.signum() * f64::INFINITY };
            Range::new(bound(input.low.min(0.0)), bound(input.high.max(0.0)))
        }
        // While training, what is not zeroed is scaled up.
        Op::Dropout(dropout) => input.times(1.0 / (1.0 - dropout.p)).hull(input).hull(Range::ZERO),
        Op::Scale(scale) => input.times(scale.factor),
        Op::ChannelAffine(affine) => {
            let channels = affine.scale.iter().zip(&affine.shift);
            let ranges = channels.map(|(scale, shift)| input.times(*scale).plus(Range::new(*shift, *shift)));
            ranges.reduce(Range::hull).unwrap_or(Range::ANY)
        }
        Op::Activation(activation) => activated(*activation, input),
        Op::Softmax(_) => Range::new(0.0, 1.0),
    }
}

fn activated(activation: Activation, input: Range) -> Range {
    match activation {
        Activation::Relu => Range::new(input.low.max(0.0), input.high.max(0.0)),
        Activation::Relu6 => Range::new(input.low.clamp(0.0, 6.0), input.high.clamp(0.0, 6.0)),
        Activation::LeakyRelu { .. } | Activation::Gelu | Activation::Silu | Activation::Hardswish
            if input.low >= 0.0 =>
        {
            Range::new(0.0, f64::INFINITY)
        }
        Activation::Elu => Range::new(input.low.max(-1.0), input.high.max(0.0)),
        Activation::LeakyRelu { slope } if slope <= 0.0 => Range::new(0.0, f64::INFINITY),
        Activation::LeakyRelu { .. } | Activation::Gelu | Activation::Silu | Activation::Hardswish => Range::ANY,
        Activation::Sigmoid => Range::new(0.0, 1.0),
        Activation::Tanh => Range::new(if input.low >= 0.0 { 0.0 } else { -1.0 }, 1.0),
    }
}

impl Range {
    /// Nothing is known.
    pub(crate) const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    const ZERO: Self = Self { low: 0.0, high: 0.0 };

    fn new(low: f64, high: f64) -> Self {
        // Sums and products of infinities can be no number at all, of which nothing is known.
        if low <= high { Self { low, high } } else { Self::ANY }
    }

    /// The smallest range that holds both.
    fn hull(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    fn times(self, factor: f64) -> Self {
        if factor == 0.0 {
            return Self::ZERO;
        }
        let (one, other) = (self.low * factor, self.high * factor);
        Self::new(one.min(other), one.max(other))
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, ranges};
    use crate::compile;

    const INFINITE: f64 = f64::INFINITY;

    /// The bounds of what follows on a convolution, `layers` being separated by commas.
    fn after_convolution(layers: &str) -> (f64, f64) {
        let spec = format!(
            "network: N\ninput: 2x8x8\nbody: [conv 3x3 4, {layers}]\nheads: {{main: {{layers: [flatten, linear 10]}}}}\n"
        );
        let compilation = compile("net.yaml", &spec);
        let network = compilation.network.as_ref().unwrap_or_else(|| panic!("{}", compilation.render(false))).network();
        let last = network.trunk.iter().map(|group| group.operations.end).max().unwrap_or_default();
        let Range { low, high } = ranges(network)[last - 1];
        (low, high)
    }

    /// What each non-linearity's definition says about its values, whatever comes in.
    #[test]
    fn activations_have_the_bounds_of_their_definitions() {
        for (layers, expected) in [
            ("relu", (0.0, INFINITE)),
            ("relu6", (0.0, 6.0)),
            ("sigmoid", (0.0, 1.0)),
            ("softmax", (0.0, 1.0)),
            ("tanh", (-1.0, 1.0)),
            ("elu", (-1.0, INFINITE)),
            ("leaky-relu", (-INFINITE, INFINITE)),
            // With a negative slope the values left of 0 are turned over.
            ("leaky-relu slope=-1", (0.0, INFINITE)),
            ("gelu", (-INFINITE, INFINITE)),
            ("relu, gelu", (0.0, INFINITE)),
            ("relu, tanh", (0.0, 1.0)),
            ("identity, batchnorm", (-INFINITE, INFINITE)),
        ] {
            assert_eq!(after_convolution(layers), expected, "{layers}");
        }
    }

    #[test]
    fn what_has_no_weights_keeps_bounds_or_moves_them() {
        for (layers, expected) in [
            ("relu6, maxpool 3x3/1 pad=1", (0.0, 6.0)),
            // A dilated window can lie in the padding alone, whose maximum is minus infinity.
            ("relu6, maxpool 2x2/1 pad=1 dilation=8", (-INFINITE, INFINITE)),
            ("relu6, avgpool global, scale 0.5", (0.0, 3.0)),
            ("relu6, scale -2", (-12.0, 0.0)),
            ("identity, scale 0", (0.0, 0.0)),
            // Values of 1 to 7: padding adds zeros to the mean, unless it is left out.
            ("relu6, normalize scale=1x1x1x1 shift=1x1x1x1, avgpool 3x3/1 pad=1", (0.0, 7.0)),
            ("relu6, normalize scale=1x1x1x1 shift=1x1x1x1, avgpool 3x3/1 pad=1 count_include_pad=false", (1.0, 7.0)),
            // Half of the values are zeroed and the others doubled.
            ("relu6, dropout 0.5", (0.0, 12.0)),
            ("relu6, lrn 5", (0.0, INFINITE)),
            ("tanh, lrn 5", (-INFINITE, INFINITE)),
            ("{add: {a: relu6, b: tanh}}", (-1.0, 7.0)),
            ("{concat: {a: relu6, b: tanh}}", (-1.0, 6.0)),
            ("{concat: {a: relu6, b: identity}}", (-INFINITE, INFINITE)),
            ("relu6, conv 1x1 4", (-INFINITE, INFINITE)),
        ] {
            assert_eq!(after_convolution(layers), expected, "{layers}");
        }
    }
}
