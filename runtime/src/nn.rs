//! The layers with variables, and the functions that tch lacks.
//!
//! They register what PyTorch registers, under the same names and in the same order: the weight, then the bias,
//! then running statistics. tch's own layers register the bias first and start from other values.
//!
//! All take and give `[batch, channels, height, width]`, apart from [`Linear`].

mod batch_norm;
mod channel_affine;
mod conv;
mod leaky_relu;
mod linear;
mod lrn;
mod relu;
mod weights;

pub use batch_norm::BatchNorm2d;
pub use channel_affine::channel_affine;
pub use conv::{Conv2d, ConvOptions};
pub use leaky_relu::leaky_relu;
pub use linear::Linear;
pub use lrn::local_response_norm;
pub use relu::relu;

use crate::init::{Fans, Init};
use tch::Tensor;
use tch::nn::Path;

/// Registers a variable that learns at the rates of a place in [`Network::RATES`](crate::network::Network::RATES): tch
/// hands the optimizer its variables in groups, and that place is the number of the group.
fn variable(p: &Path<'_>, name: &str, shape: &[i64], init: Init, fans: Fans, rates: usize) -> Tensor {
    init.variable(&p.set_group(rates), name, shape, fans)
}
