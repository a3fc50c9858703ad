//! Statistics of batch normalisation for weights that no training has run with: averaged ones.

use crate::error::{Error, Result};
use crate::network::{Mode, Network, Probe, Statistics};
use crate::variables::in_order;
use std::num::NonZeroU32;
use tch::Tensor;
use tch::nn::VarStore;

/// Measures the running statistics of all batch normalisations of `network`, whose variables `store` holds, anew: as the means
/// over these `batches` of images `[n, channels, height, width]`, like PyTorch's `torch.optim.swa_utils.update_bn`. Dropout
/// runs as in training.
///
/// # Errors
/// When there is no batch, or a batch cannot be had.
pub fn update_bn<N: Network>(
    network: &N,
    store: &VarStore,
    batches: impl Iterator<Item = Result<Tensor>>,
) -> Result<()> {
    let _guard = tch::no_grad_guard();
    if !in_order(store).iter().any(|(name, _)| name.ends_with("running_mean")) {
        return Ok(());
    }
    let mut count: Option<NonZeroU32> = None;
    for batch in batches {
        let number = count.map_or(NonZeroU32::MIN, |count| count.saturating_add(1));
        // The first batch leaves nothing of what was there before.
        let mode = Mode { batch_statistics: Statistics::Mean(number), ..Mode::TRAINING };
        network.forward(&batch?, mode, &Probe::silent());
        count = Some(number);
    }
    count.map(|_| ()).ok_or_else(|| Error::failed("there are no images to measure batch normalisation with"))
}
