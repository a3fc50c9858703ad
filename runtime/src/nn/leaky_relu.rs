//! The leaky ReLU with any slope; tch's own has PyTorch's default alone.

use tch::Tensor;

/// x where it is positive, `slope` · x elsewhere, as `torch.nn.functional.leaky_relu`.
pub fn leaky_relu(x: &Tensor, slope: f64) -> Tensor {
    x.prelu(&Tensor::full([1], slope, (x.kind(), x.device())))
}
