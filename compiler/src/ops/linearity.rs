//! Which operations are affine: sums of multiples of what comes in, and constants. Two affine maps in a row are one.

/// What an operation does to the linearity of what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Linearity {
    /// An affine map with weights of its own, which mixes channels: a convolution or a linear layer.
    Weights,
    /// An affine map that only moves, adds or scales values. Dropout and batch norm count as they are at inference.
    Affine,
    /// Neither.
    NonLinear,
}

#[cfg(test)]
mod tests {
    use super::Linearity;
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
        let kinds: Vec<(&str, Linearity)> =
            network.operations.iter().map(|operation| (operation.op.name(), operation.op.rule().linearity())).collect();
        let expected = [
            ("channel normalisation", Linearity::Affine),
            ("batch norm", Linearity::Affine),
            ("avg pool", Linearity::Affine),
            ("scale", Linearity::Affine),
            ("dropout", Linearity::Affine),
            ("concat", Linearity::Affine),
            ("add", Linearity::Affine),
            ("convolution", Linearity::Weights),
            ("local response norm", Linearity::NonLinear),
            ("max pool", Linearity::NonLinear),
            ("relu", Linearity::NonLinear),
            ("adaptive max pool", Linearity::NonLinear),
            ("softmax", Linearity::NonLinear),
            ("global avg pool", Linearity::Affine),
            ("flatten", Linearity::Affine),
            ("reshape", Linearity::Affine),
            ("linear", Linearity::Weights),
        ];
        assert_eq!(kinds, expected);
    }
}
