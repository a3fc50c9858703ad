//! Going through images once, in their order, as in inference.

use crate::data::{BadImages, Batch, Plan, Source, Transform, load};
use crate::error::Result;
use crate::evaluate::Pace;
use std::sync::Arc;

/// Images to go through. In memory are the few batches that threads make ready ahead, however many images there are.
#[derive(Clone)]
pub struct Pass {
    /// The images; what classes they have does not matter.
    pub source: Arc<dyn Source>,
    /// How they become input.
    pub transform: Arc<Transform>,
    /// How many at a time.
    pub pace: Pace,
}

impl Pass {
    /// Hands each batch to `work`, with the numbers of its images, which are in ascending order.
    ///
    /// # Errors
    /// When an image cannot be read and is not to be skipped, when none is left, or when `work` fails.
    pub(crate) fn go(
        &self,
        bad_images: &mut BadImages,
        work: &mut dyn FnMut(&[usize], &Batch) -> Result<()>,
    ) -> Result<()> {
        let Pace { batch_size, workers } = self.pace;
        let on_bad_image = bad_images.policy();
        let plan = Plan { batch_size, seed: 0, epoch: 0, shuffle: false, first_batch: 0, on_bad_image, workers };
        let (mut begin, mut images) = (0, 0);
        for batch in load(&self.source, &self.transform, plan) {
            let batch = batch?;
            bad_images.add(&batch.skipped);
            let end = begin + batch.labels.len() + batch.skipped.len();
            let is_there = |number: &usize| batch.skipped.iter().all(|skipped| skipped.index != *number);
            let numbers: Vec<usize> = (begin..end).filter(is_there).collect();
            begin = end;
            images += numbers.len();
            if !numbers.is_empty() {
                work(&numbers, &batch)?;
            }
        }
        if images == 0 { Err(bad_images.nothing_left()) } else { Ok(()) }
    }
}
