//! Local response normalisation, which libtorch leaves to its front ends.

use crate::precision::{Precision, widened};
use tch::Tensor;

/// Divides each value of `x` `[n, c, h, w]` by (`k` + `alpha` · mean of squares over `size` neighbouring channels)^`beta`.
///
/// As in PyTorch and Caffe the mean is over `size` channels, with zeros beyond the first and the last. Where layers compute in
/// bfloat16, this computes in float32 and gives that, as with PyTorch's autocast.
pub fn local_response_norm(x: &Tensor, size: i64, alpha: f64, beta: f64, k: f64) -> Tensor {
    let x = if Precision::current() == Precision::BFloat16 { widened(x) } else { x.shallow_clone() };
    // The channels become the depth of one three-dimensional picture, and a pool runs along it.
    let squares = (&x * &x).unsqueeze(1).constant_pad_nd([0, 0, 0, 0, size / 2, (size - 1) / 2]);
    let means = squares.avg_pool3d([size, 1, 1], [1, 1, 1], [0, 0, 0], false, true, None).squeeze_dim(1);
    x / (means * alpha + k).pow_tensor_scalar(beta)
}
