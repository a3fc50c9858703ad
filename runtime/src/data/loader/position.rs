//! Where a pass over a data set is, to go on from there another day.

use super::Plan;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// A place between two batches of a pass, and all that decides which batches come after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// [`Plan::seed`].
    pub seed: u64,
    /// [`Plan::epoch`].
    pub epoch: u64,
    /// The batch that comes next, counted from 0.
    pub batch: usize,
    /// [`Plan::batch_size`].
    pub batch_size: usize,
    /// [`Plan::shuffle`].
    pub shuffle: bool,
    /// The number of images in the data set.
    pub images: usize,
}

impl Plan {
    /// The plan that goes on from `position` with the same batches that would have come there, from a data set of `images`
    /// images.
    ///
    /// # Errors
    /// When batches are of another size now, or there are more or fewer images: these would be other batches.
    pub fn resume(self, position: &Position, images: usize) -> Result<Self> {
        let Position { seed, epoch, batch, batch_size, shuffle, .. } = *position;
        let differs = |what: &str, then: usize, now: usize| {
            Err(Error::failed(format!(
                "epoch {epoch} was broken off with {then} {what}, and now there are {now}: it cannot go on with the same \
                 batches; begin with an epoch, or change that back"
            )))
        };
        if position.images != images {
            return differs("images", position.images, images);
        }
        if batch_size != self.batch_size {
            return differs("images in a batch", batch_size, self.batch_size);
        }
        Ok(Self { seed, epoch, shuffle, first_batch: batch, ..self })
    }
}
