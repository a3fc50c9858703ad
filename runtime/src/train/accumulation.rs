//! Gradients of several batches, for one step of the optimizer.

use super::parameters::Parameter;
use tch::Tensor;

/// Gathers gradients over batches until there are enough for a step.
///
/// The gradient of a step is that of the mean over all images of its batches, also where one of them is smaller. With a single
/// batch it is the gradient of that batch's loss to the last bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accumulation {
    images: usize,
    batches: usize,
}

impl Accumulation {
    /// Adds the gradient of `loss`, which is a mean over `images` images; `alone` says that the step has no other batch.
    pub fn add(&mut self, loss: &Tensor, images: usize, alone: bool) {
        if alone {
            loss.backward();
            self.images += 1;
        } else {
            #[expect(clippy::cast_precision_loss, reason = "batches are small")]
            let weight = images as f64;
            (loss * weight).backward();
            self.images += images;
        }
        self.batches += 1;
    }

    /// How many batches were added since the last step.
    pub fn batches(self) -> usize {
        self.batches
    }

    /// Makes the sums means, and begins again. Without a batch there is nothing to do a step with, and this says so.
    pub fn finish<'a>(&mut self, parameters: impl Iterator<Item = &'a Parameter>) -> bool {
        let Self { images, batches } = std::mem::take(self);
        if images > 1 {
            let _guard = tch::no_grad_guard();
            #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 images")]
            let images = images as f64;
            for mut gradient in parameters.map(|parameter| parameter.tensor.grad()).filter(Tensor::defined) {
                let _ = gradient.g_div_scalar_(images);
            }
        }
        batches > 0
    }
}
