//! What training makes small.

use crate::error::{Error, Result};
use crate::network::Network;
use tch::{Kind, Tensor};

/// The losses of one batch, each a tensor without dimensions.
#[derive(Debug)]
pub struct Loss {
    /// What training makes small: the sum of the heads' losses, each times the weight that the spec gives it.
    pub total: Tensor,
    /// The cross-entropy of each head in nats, a mean over the batch, in the order of [`Network::HEADS`]; none for a head
    /// that did not run.
    pub heads: Vec<Option<Tensor>>,
}

/// The losses of `logits` `[n, classes]`, one entry per head of `N`, against the `labels` `[n]`.
///
/// # Errors
/// When no head gave logits.
pub fn loss<N: Network>(logits: &[Option<&Tensor>], labels: &Tensor) -> Result<Loss> {
    let heads: Vec<Option<Tensor>> =
        logits.iter().map(|logits| logits.map(|logits| cross_entropy(logits, labels))).collect();
    let weighted = N::HEADS.iter().zip(&heads).filter_map(|(head, loss)| Some(loss.as_ref()? * head.weight));
    let total = weighted.reduce(|total, loss| total + loss);
    let total = total.ok_or_else(|| Error::failed(format!("`{}` has no heads to learn from", N::NAME)))?;
    Ok(Loss { total, heads })
}

/// The mean over the batch, in double precision if the logits are, otherwise in single precision. tch's own always is in single.
fn cross_entropy(logits: &Tensor, labels: &Tensor) -> Tensor {
    let kind = if logits.kind() == Kind::Double { Kind::Double } else { Kind::Float };
    logits.log_softmax(-1, kind).nll_loss(labels)
}
