//! From batches to tensors.

use crate::data::{Batch, ImageSize};
use crate::error::{Error, Result};
use crate::network::{Heads, Network};
use tch::{Device, Kind, Tensor};

/// The declared input of network `N`.
pub(crate) fn input_size<N: Network>() -> ImageSize {
    let [channels, height, width] = N::INPUT.map(|n| usize::try_from(n).unwrap_or(0));
    ImageSize { height, width, channels }
}

/// The number of classes of network `N`.
pub(crate) fn classes<N: Network>() -> usize {
    usize::try_from(N::CLASSES).unwrap_or(0)
}

/// The images `[n, channels, height, width]` and the labels `[n]`, on `device`.
///
/// The images stay in memory as they are, channels last: libtorch's convolutions and pools run faster so and keep it.
pub(crate) fn tensors<N: Network>(batch: &Batch, device: Device) -> (Tensor, Tensor) {
    let [channels, height, width] = N::INPUT;
    let images = on_device(Tensor::from_slice(&batch.images), device);
    let images = images.view([-1, height, width, channels]).permute([0, 3, 1, 2]);
    (images, on_device(Tensor::from_slice(&batch.labels), device))
}

/// The tensor, which lies in the machine's memory, on `device`.
///
/// To CUDA it is copied from memory that is never swapped out, and nobody waits for that: the device goes on with the copy while
/// this thread prepares what comes next. What is computed there comes after the copy.
fn on_device(tensor: Tensor, device: Device) -> Tensor {
    match device {
        Device::Cpu => tensor,
        Device::Cuda(_) => {
            let kind = tensor.kind();
            tensor.pin_memory(device).to_device_(device, kind, true, false)
        }
        Device::Mps | Device::Vulkan => tensor.to_device(device),
    }
}

/// The logits of the head that predicts.
pub(crate) fn prediction<'a, N: Network>(logits: &[Option<&'a Tensor>]) -> Result<&'a Tensor> {
    logits.first().copied().flatten().ok_or_else(|| {
        let name = N::HEADS.first().map_or("", |head| head.name);
        Error::failed(format!("the head `{name}` of `{}`, which predicts, gave no logits", N::NAME))
    })
}

/// How many of the `labels` `[n]` are among the `k` largest `logits` `[n, classes]`.
pub(crate) fn count_among_largest(logits: &Tensor, labels: &Tensor, k: i64) -> Result<f64> {
    let (_, largest) = logits.topk(k, -1, true, true);
    number(&largest.eq_tensor(&labels.unsqueeze(1)).sum(Kind::Int64))
}

/// The value of a tensor with one element.
pub(crate) fn number(tensor: &Tensor) -> Result<f64> {
    // It becomes a double on the CPU: not every device has them.
    f64::try_from(tensor.to_device(Device::Cpu)).map_err(|e| Error::failed(format!("libtorch: {e}")))
}

/// The logits of `output`, which is what `N` computed for these images: one entry per head of `N`.
///
/// # Errors
/// When the generated code gave another number of heads, or a head another number of rows than there are images.
pub(crate) fn logits_of<'a, N: Network>(output: &'a N::Output, images: &Tensor) -> Result<Vec<Option<&'a Tensor>>> {
    let logits = output.logits();
    if logits.len() != N::HEADS.len() {
        let message = format!("`{}` declares {} heads and gave {} logits", N::NAME, N::HEADS.len(), logits.len());
        return Err(Error::failed(message));
    }
    let count = images.size()[0];
    for (head, logits) in N::HEADS.iter().zip(&logits) {
        let rows = logits.map_or(count, |logits| logits.size()[0]);
        if rows != count {
            return Err(Error::failed(format!(
                "the head `{}` of `{}` made {rows} rows of logits out of {count} images, so no row belongs to one image; \
                 a `reshape` before it mixes images: give it the length of one image's values, or use `flatten`",
                head.name,
                N::NAME
            )));
        }
    }
    Ok(logits)
}
