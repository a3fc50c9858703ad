//! What training makes small.

use crate::error::{Error, Result};
use crate::network::Network;
use tch::{Kind, Reduction, Tensor};

/// The losses of one batch, each a tensor without dimensions.
#[derive(Debug)]
pub struct Loss {
    /// What training makes small: the sum of the heads' losses, each times the weight that the spec gives it.
    pub total: Tensor,
    /// The cross-entropy of each head in nats, a mean over the batch, in the order of [`Network::HEADS`]; none for a head
    /// that did not run.
    pub heads: Vec<Option<Tensor>>,
}

/// The losses of `logits` `[n, classes]`, one entry per head of `N`, against the `labels` `[n]`. With `label_smoothing` above 0
/// that much of each label is spread over all classes, as in PyTorch's `CrossEntropyLoss`.
///
/// # Errors
/// When no head gave logits.
pub fn loss<N: Network>(logits: &[Option<&Tensor>], labels: &Tensor, label_smoothing: f64) -> Result<Loss> {
    let loss = |logits: &Tensor| cross_entropy(logits, labels, label_smoothing);
    let heads: Vec<Option<Tensor>> = logits.iter().map(|logits| logits.map(loss)).collect();
    let weighted = N::HEADS.iter().zip(&heads).filter_map(|(head, loss)| Some(loss.as_ref()? * head.weight));
    let total = weighted.reduce(|total, loss| total + loss);
    let total = total.ok_or_else(|| Error::failed(format!("`{}` has no heads to learn from", N::NAME)))?;
    Ok(Loss { total, heads })
}

/// The mean over the batch, in double precision if the logits are, otherwise in single precision. tch's own always is in single.
pub(crate) fn cross_entropy(logits: &Tensor, labels: &Tensor, label_smoothing: f64) -> Tensor {
    let kind = if logits.kind() == Kind::Double { Kind::Double } else { Kind::Float };
    // No label is -100, which PyTorch leaves out by default.
    logits.to_kind(kind).cross_entropy_loss::<Tensor>(labels, None, Reduction::Mean, -100, label_smoothing)
}
