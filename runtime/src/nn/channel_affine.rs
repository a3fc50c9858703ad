//! A fixed scale and shift for each channel.

use tch::Tensor;

/// `x` `[n, c, h, w]` · `scale` + `shift`, channel by channel; both hold one value for each channel.
pub fn channel_affine(x: &Tensor, scale: &[f64], shift: &[f64]) -> Tensor {
    let per_channel =
        |values: &[f64]| Tensor::from_slice(values).to_device(x.device()).to_kind(x.kind()).view([1, -1, 1, 1]);
    x * per_channel(scale) + per_channel(shift)
}
