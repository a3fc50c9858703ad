//! Which operations are affine: sums of multiples of what comes in, and constants. Two affine maps in a row are one.

use crate::ops::{Op, Pooling};

/// What an operation does to the linearity of what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An affine map with weights of its own, which mixes channels: a convolution or a linear layer.
    Weights,
    /// An affine map that only moves, adds or scales values. Dropout and batch norm count as they are at inference.
    Affine,
    /// Neither.
    NonLinear,
}

/// What an operation is.
pub(crate) fn kind(op: &Op) -> Kind {
    match op {
        Op::Convolution(_) | Op::Linear(_) => Kind::Weights,
        Op::BatchNorm(_)
        | Op::AvgPool(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::Scale(_)
        | Op::ChannelAffine(_)
        | Op::Dropout(_)
        | Op::Flatten(_)
        | Op::Reshape(_) => Kind::Affine,
        Op::AdaptivePool(pool) => match pool.pooling {
            Pooling::Average => Kind::Affine,
            Pooling::Max => Kind::NonLinear,
        },
        Op::LocalResponseNorm(_) | Op::Activation(_) | Op::MaxPool(_) | Op::Softmax(_) => Kind::NonLinear,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};
    use crate::compile;

    /// A map is affine when `f(a) + f(b) - f(0) = f(a + b)`. That holds for means, sums, joins, changes of form and fixed scales and
    /// shifts; it does not for a maximum (of `-1, 1` and `1, -1`), nor where values are divided by others.
    #[test]
    fn sums_and_multiples_are_affine() {
        let spec = "network: N\ninput: 4x8x8\nbody: [normalize shift=1x1x1x1, batchnorm, avgpool 2x2, scale 3, dropout 0.5, \
                    {concat: {a: identity, b: identity}}, {add: {a: identity, b: identity}}, conv 1x1 8, lrn 5, maxpool 2x2, relu, \
                    maxpool adaptive=2x2, softmax, avgpool global]\nheads: {main: {layers: [flatten, reshape 8, linear 10]}}\n";
        let compilation = compile("net.yaml", spec);
        let network = compilation.network.as_ref().unwrap_or_else(|| panic!("{}", compilation.render(false))).network();
        let kinds: Vec<(&str, Kind)> =
            network.operations.iter().map(|operation| (operation.op.name(), kind(&operation.op))).collect();
        let expected = [
            ("channel normalisation", Kind::Affine),
            ("batch norm", Kind::Affine),
            ("avg pool", Kind::Affine),
            ("scale", Kind::Affine),
            ("dropout", Kind::Affine),
            ("concat", Kind::Affine),
            ("add", Kind::Affine),
            ("convolution", Kind::Weights),
            ("local response norm", Kind::NonLinear),
            ("max pool", Kind::NonLinear),
            ("relu", Kind::NonLinear),
            ("adaptive max pool", Kind::NonLinear),
            ("softmax", Kind::NonLinear),
            ("global avg pool", Kind::Affine),
            ("flatten", Kind::Affine),
            ("reshape", Kind::Affine),
            ("linear", Kind::Weights),
        ];
        assert_eq!(kinds, expected);
    }
}
