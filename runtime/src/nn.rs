//! The layers with variables, and the functions that tch lacks.
//!
//! They register what PyTorch registers, under the same names and in the same order: the weight, then the bias,
//! then running statistics. tch's own layers register the bias first and start from other values.
//!
//! All take and give `[batch, channels, height, width]`, apart from [`Linear`].

mod batch_norm;
mod conv;
mod linear;
mod lrn;

pub use batch_norm::BatchNorm2d;
pub use conv::{Conv2d, ConvOptions};
pub use linear::Linear;
pub use lrn::local_response_norm;
