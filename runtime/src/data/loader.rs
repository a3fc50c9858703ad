//! Batches from worker threads, in an order and with a content that do not depend on how many workers there are.

use super::random::{Purpose, generator, permutation};
use super::{Source, Transform};
use crate::error::{Error, Result};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::ops::Range;
use std::sync::Arc;

/// How many batches each worker prepares ahead.
const AHEAD: usize = 2;

/// Transformed images and their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Images, rows, columns, channels.
    pub images: Vec<f32>,
    /// One label per image.
    pub labels: Vec<i64>,
}

/// Which batches to make of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The most images in a batch. Batches of one pass differ by at most one image, so that none is tiny.
    pub batch_size: usize,
    /// Orders the images and drives the augmentation, together with the epoch.
    pub seed: u64,
    /// The number of the pass.
    pub epoch: u64,
    /// Whether the order is random.
    pub shuffle: bool,
    /// Threads that prepare batches; 0 counts as 1.
    pub workers: usize,
}

impl Plan {
    /// How many batches one pass over `images` images has.
    pub fn batches(&self, images: usize) -> usize {
        images.div_ceil(self.batch_size.max(1))
    }

    /// The places in the order that batch `i` covers.
    fn range(&self, i: usize, images: usize) -> Range<usize> {
        let batches = self.batches(images);
        i * images / batches..(i + 1) * images / batches
    }
}

/// One pass over `source`. The workers stop when the iterator is dropped.
pub fn load(
    source: &Arc<dyn Source>,
    transform: &Arc<Transform>,
    plan: Plan,
) -> impl Iterator<Item = Result<Batch>> + use<> {
    let images = source.labels().len();
    let order = if plan.shuffle { permutation(images, plan.seed, plan.epoch) } else { (0..images).collect() };
    let order = Arc::new(order);
    // Worker w makes batches w, w + workers, ... into a channel of its own, and they are taken in turn.
    let workers = plan.workers.max(1);
    let channels: Vec<Receiver<Result<Batch>>> = (0..workers)
        .map(|worker| {
            let (sender, receiver) = bounded(AHEAD);
            let job = Job { source: source.clone(), transform: transform.clone(), order: order.clone(), plan };
            std::thread::spawn(move || job.run(worker, workers, &sender));
            receiver
        })
        .collect();
    (0..plan.batches(images)).map(move |i| {
        let lost = |_| Err(Error::failed("a thread that prepares images has died; its message is above"));
        channels[i % workers].recv().unwrap_or_else(lost)
    })
}

/// What a worker needs.
struct Job {
    source: Arc<dyn Source>,
    transform: Arc<Transform>,
    order: Arc<Vec<usize>>,
    plan: Plan,
}

impl Job {
    fn run(&self, first: usize, step: usize, sender: &Sender<Result<Batch>>) {
        for i in (first..self.plan.batches(self.order.len())).step_by(step) {
            // Nobody listens any more: the pass was broken off.
            if sender.send(self.batch(i)).is_err() {
                return;
            }
        }
    }

    fn batch(&self, i: usize) -> Result<Batch> {
        let indices = &self.order[self.plan.range(i, self.order.len())];
        let mut images = Vec::with_capacity(indices.len() * self.transform.size.bytes());
        for &index in indices {
            let mut random = generator(self.plan.seed, self.plan.epoch, index as u64, Purpose::Augmentation);
            self.transform.apply(&self.source.image(index)?, &mut random, &mut images)?;
        }
        let labels = indices.iter().map(|&index| i64::from(self.source.labels()[index])).collect();
        Ok(Batch { images, labels })
    }
}
